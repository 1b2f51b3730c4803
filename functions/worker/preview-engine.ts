/**
 * The preview engine: the studio draws its frames on the CPU from the words of the prompt, or moves the caller's picture.
 * It shows that the platform works and what was asked for; it is not a neural model and is never called one.
 */
import type { VideoEngine } from './engine.ts';

export const previewEngine: VideoEngine = {
  name: 'preview',
  digitalSourceType: 'algorithmicMedia',
  async produce(request, { pictures: [picture] }) {
    const { prompt, seed, motion, style, cameraMovement } = request;
    const moved = { prompt, seed, motion, ...(cameraMovement !== '' && { cameraMovement }) };
    if (picture) return { kind: 'image', imagePath: picture.path, ...moved };
    return { kind: 'text', ...moved, ...(style !== '' && { style }) };
  },
};

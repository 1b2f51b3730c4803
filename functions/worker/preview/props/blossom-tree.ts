/** One big tree to a side: a forked trunk under a cloud of leaves, or of blossom when asked for. */
import { makeCanopy } from '../canopy.ts';
import { blend, css, hex } from '../color.ts';
import { smoothstep } from '../curves.ts';
import { atDepth, Layer, type Scene, type World } from '../world.ts';

/** Stands with its foot at `foot` pixels from the top. */
export function blossomTree(world: World, foot: number): Scene {
  const { width, unit, light, direction } = world;
  const random = world.random.fork('big tree');
  const x = width * (light.sun.x > 0.5 ? 0.24 : 0.76);
  const tall = unit * 0.62;
  const pink = direction.props.has('blossom');
  const leaf = pink
    ? { lit: blend(direction.colors[0] ?? hex('#ffd3e4'), [255, 255, 255], 0.2), dark: hex('#c06a92') }
    : { lit: blend(hex('#a6cf52'), light.lit, 0.25), dark: blend(hex('#23502a'), light.shadow, 0.3) };
  const wood = new Layer(world, { top: foot - tall * 1.2, bottom: foot + unit * 0.03 });
  const { context } = wood;
  const bark = blend(hex('#4a3530'), light.shadow, 0.4);
  context.strokeStyle = css(bark);
  context.lineCap = 'round';
  const crowns: { x: number; y: number; size: number }[] = [];
  const grow = (fromX: number, fromY: number, angle: number, long: number, thick: number): void => {
    const toX = fromX + Math.sin(angle) * long;
    const toY = fromY - Math.cos(angle) * long;
    context.lineWidth = thick;
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.quadraticCurveTo(
      fromX + Math.sin(angle * 0.4) * long * 0.5,
      fromY - Math.cos(angle * 0.4) * long * 0.55,
      toX,
      toY,
    );
    context.stroke();
    if (thick < unit * 0.009) {
      crowns.push({ x: toX, y: toY, size: tall * random.range(0.15, 0.24) });
      return;
    }
    for (const side of [-1, 1])
      grow(toX, toY, angle + side * random.range(0.28, 0.62), long * random.range(0.62, 0.8), thick * 0.66);
  };
  grow(x, foot, light.sun.x > 0.5 ? 0.06 : -0.06, tall * 0.34, unit * 0.034);
  const crown = makeCanopy(world, 'big crown', {
    cover: (px, py) => {
      let most = -1;
      for (const one of crowns) most = Math.max(most, 1 - Math.hypot(px - one.x, (py - one.y) * 1.15) / one.size);
      return smoothstep(-0.4, 0.7, most) * 1.15 - 0.75;
    },
    kinds: [leaf],
    distance: 0.04,
    clump: unit * 0.06,
    top: foot - tall * 1.4,
    bottom: foot - tall * 0.1,
  });
  return {
    paint(target, { time, camera }) {
      const sway = Math.sin(time * 0.9) * unit * 0.002;
      atDepth(target, world, camera, 0.4, () => {
        wood.draw(target);
        crown.draw(target, sway);
      });
    },
  };
}

/**
 * The templates (effects): what each makes, and of how many images. Pure data; set by us, for PixVerse's own list is not published. The ids
 * have PixVerse's length.
 */

export interface Template {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** How many images it takes: no more, no fewer. */
  readonly images: number;
  readonly kind: 'video' | 'image';
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 302325299692608,
    name: 'Polaroid',
    description: 'An instant photo drops onto the table and develops.',
    images: 1,
    kind: 'video',
  },
  {
    id: 302325299692609,
    name: 'Double Exposure',
    description: 'The second picture comes alive inside the subject of the first.',
    images: 2,
    kind: 'video',
  },
  {
    id: 302325299692610,
    name: 'Sketch to Life',
    description: 'A pencil draws the picture on paper, then the colours wash in.',
    images: 1,
    kind: 'video',
  },
  {
    id: 302325299692611,
    name: 'Neon Frame',
    description: 'The outlines of the picture flicker on as neon in a lit frame.',
    images: 1,
    kind: 'video',
  },
  {
    id: 302325299692612,
    name: 'Film Strip',
    description: 'Three pictures roll past on a strip of film.',
    images: 3,
    kind: 'video',
  },
  {
    id: 302325299692613,
    name: 'Parallax Pop',
    description: 'The subject steps out of its picture towards the camera.',
    images: 1,
    kind: 'video',
  },
  {
    id: 302325299692701,
    name: 'Postcard',
    description: 'The picture as a printed greeting with stamp and postmark.',
    images: 1,
    kind: 'image',
  },
  {
    id: 302325299692702,
    name: 'Comic Cover',
    description: 'Inked outlines, halftone dots and a title.',
    images: 1,
    kind: 'image',
  },
  {
    id: 302325299692703,
    name: 'Pencil Drawing',
    description: 'The picture drawn in pencil on paper.',
    images: 1,
    kind: 'image',
  },
  {
    id: 302325299692704,
    name: 'Scrapbook',
    description: 'Three prints taped to a page.',
    images: 3,
    kind: 'image',
  },
];

/** The template of this id; undefined where there is none. */
export function findTemplate(id: number): Template | undefined {
  return TEMPLATES.find(template => template.id === id);
}

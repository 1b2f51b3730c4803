/** Flower heads, and which of them a prompt asks for. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import type { World } from '../world.ts';

export type FlowerKind = 'daisy' | 'poppy' | 'tulip' | 'spike' | 'sunflower';

const KINDS: readonly (readonly [RegExp, FlowerKind, readonly [string, ...string[]]])[] = [
  [/sunflower|向日葵/, 'sunflower', ['#f7c52b', '#f2a81d']],
  [/lavender|薰衣草/, 'spike', ['#8b6bd6', '#a486e8', '#6f54bd']],
  [/tulip|郁金香/, 'tulip', ['#e8443f', '#f5b83a', '#e86fa4', '#f7f1e6', '#8f4fc0']],
  [/poppy/, 'poppy', ['#e23a2e', '#ea5236', '#cf2b2b']],
  [/daisy|chamomile/, 'daisy', ['#fdfdf6', '#fff7e0']],
  [/wheat/, 'spike', ['#f0cd6a', '#e2b54d']],
];
const WILD: readonly [string, ...string[]] = ['#f4f1ff', '#f06a8a', '#f8c840', '#8a7af0', '#ff8f5a', '#fdfdf6'];

/** Kind and petal colours; the prompt's own colours come first. */
export function flowersFor(world: World): { kind: FlowerKind; petals: readonly [Color, ...Color[]] } {
  const found = KINDS.find(([words]) => words.test(world.direction.text));
  const named = world.direction.colors;
  // Two or three colours together look sown by nature; six look sown by us.
  const first = world.random.fork('petals').whole(0, WILD.length - 1);
  const own = (found?.[2] ?? [0, 1, 3].map(step => WILD[(first + step) % WILD.length] ?? WILD[0])).map(hex);
  const petals = named.length > 0 ? [...named, ...named.map(color => blend(color, [255, 255, 255], 0.35))] : own;
  return {
    kind: found?.[1] ?? world.random.fork('flower').pick(['daisy', 'poppy', 'daisy']),
    petals: petals as unknown as readonly [Color, ...Color[]],
  };
}

const STAMP = 72;

/** Pictures of the flower head in each colour, each turned three ways: a field has hundreds of heads. */
export function pressFlowers(kind: FlowerKind, colors: readonly Color[]): readonly Canvas[] {
  return colors.flatMap(color =>
    [0, 0.7, 1.9].map(turn => {
      const stamp = createCanvas(STAMP, STAMP * 2);
      const context = stamp.getContext('2d');
      context.translate(STAMP / 2, STAMP);
      context.scale(STAMP / 2.1, STAMP / 2.1);
      if (kind === 'daisy' || kind === 'sunflower') drawDaisy(context, color, turn, kind === 'sunflower');
      else if (kind === 'poppy') drawPoppy(context, color, turn);
      else if (kind === 'tulip') drawTulip(context, color);
      else drawSpike(context, color);
      return stamp;
    }),
  );
}

/** Stamps a pressed flower; `size` is the head's radius in pixels. */
export function stampFlower(context: SKRSContext2D, flower: Canvas, x: number, y: number, size: number): void {
  const half = size * 1.05;
  context.drawImage(flower, x - half, y - half * 2, half * 2, half * 4);
}

function drawDaisy(context: SKRSContext2D, color: Color, turn: number, sun: boolean): void {
  const petals = sun ? 18 : 11;
  context.scale(1, 0.82);
  for (const [reach, tone] of [
    [1, shade(color, 0.84)],
    [0.92, color],
  ] as const) {
    context.fillStyle = css(tone);
    context.beginPath();
    for (let petal = 0; petal < petals; petal++) {
      const angle = turn + (petal / petals) * Math.PI * 2 + (reach < 1 ? Math.PI / petals : 0);
      const px = Math.cos(angle);
      const py = Math.sin(angle);
      const wide = sun ? 0.16 : 0.2;
      context.moveTo(px * 0.2, py * 0.2);
      context.quadraticCurveTo(px * 0.7 - py * wide * 1.4, py * 0.7 + px * wide * 1.4, px * reach, py * reach);
      context.quadraticCurveTo(px * 0.7 + py * wide * 1.4, py * 0.7 - px * wide * 1.4, px * 0.2, py * 0.2);
    }
    context.fill();
  }
  const eye = context.createRadialGradient(-0.08, -0.1, 0.02, 0, 0, sun ? 0.46 : 0.3);
  eye.addColorStop(0, sun ? '#8a5a26' : '#ffd84e');
  eye.addColorStop(1, sun ? '#3f220f' : '#dd8f1c');
  context.fillStyle = eye;
  context.beginPath();
  context.arc(0, 0, sun ? 0.44 : 0.28, 0, Math.PI * 2);
  context.fill();
}

function drawPoppy(context: SKRSContext2D, color: Color, turn: number): void {
  context.scale(1, 0.78);
  for (let petal = 0; petal < 5; petal++) {
    const angle = turn + (petal / 5) * Math.PI * 2;
    context.fillStyle = css(shade(color, 0.8 + 0.26 * (petal % 3) * 0.5));
    context.beginPath();
    context.ellipse(Math.cos(angle) * 0.44, Math.sin(angle) * 0.44, 0.58, 0.46, angle + Math.PI / 2, 0, Math.PI * 2);
    context.fill();
  }
  context.fillStyle = 'rgba(34, 14, 26, 0.85)';
  context.beginPath();
  context.arc(0, 0, 0.22, 0, Math.PI * 2);
  context.fill();
}

function drawTulip(context: SKRSContext2D, color: Color): void {
  for (const [side, tone] of [
    [-1, 0.78],
    [1, 0.88],
    [0, 1],
  ] as const) {
    context.fillStyle = css(shade(color, tone));
    context.beginPath();
    context.moveTo(side * 0.12, 0.75);
    context.bezierCurveTo(side * 0.5 - 0.62, 0.45, side * 0.55 - 0.45, -0.5, side * 0.42, -0.95);
    context.bezierCurveTo(side * 0.55 + 0.45, -0.5, side * 0.5 + 0.62, 0.45, side * 0.12, 0.75);
    context.fill();
  }
}

function drawSpike(context: SKRSContext2D, color: Color): void {
  for (let row = 0; row < 8; row++) {
    const y = 1.5 - row * 0.44;
    const wide = 0.42 * (1 - row / 9);
    context.fillStyle = css(shade(color, 0.78 + row * 0.04));
    context.beginPath();
    context.ellipse(-wide * 0.6, y, wide, 0.26, -0.5, 0, Math.PI * 2);
    context.ellipse(wide * 0.6, y - 0.1, wide, 0.26, 0.5, 0, Math.PI * 2);
    context.fill();
  }
}

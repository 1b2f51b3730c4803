/** Flower heads, and which of them a prompt asks for. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { halo } from '../drawing/lights.ts';
import { atDepth, type Scene, type World } from './world.ts';

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

// A cabin on a hill with a lit window and smoke from its chimney.

/** Stands on the line `crest`, as far away as `depth`. */
export function makeCabin(world: World, crest: (x: number) => number, depth: number): Scene {
  const { width, unit, light, direction } = world;
  const random = world.random.fork('cabin');
  const x = width * (light.sun.x > 0.5 ? random.range(0.24, 0.36) : random.range(0.64, 0.76));
  const y = crest(x) + unit * 0.012;
  const size = unit * 0.1;
  const ambient = 0.35 + 0.65 * light.brightness;
  const tone = (code: string): Color => blend(blend(shade(hex(code), ambient), light.shadow, 0.28), light.lit, 0.14);
  const snowy = direction.family === 'winter';
  const lamp: Color = [255, 196, 104];
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, depth, () => {
        for (let puff = 0; puff < 9; puff++) {
          const age = (puff / 9 + time * 0.09) % 1;
          const px = x + size * 0.34 + Math.sin(age * 5 + puff) * size * 0.1 + age * size * 0.7;
          halo(
            context,
            px,
            y - size * (1.02 + age * 1.5),
            size * (0.1 + 0.42 * age),
            blend(light.haze, [255, 255, 255], 0.3),
            0.34 * (1 - age) * Math.min(1, age * 6),
            'source-over',
          );
        }
        context.save();
        context.translate(x, y);
        context.scale(size, size);
        context.fillStyle = css(tone('#5a4436'));
        context.fillRect(0.26, -0.98, 0.14, 0.4);
        const wall = context.createLinearGradient(-0.6, 0, 0.6, 0);
        const fromLeft = light.sun.x * width < x;
        wall.addColorStop(0, css(fromLeft ? tone('#9a6b46') : tone('#4b3226')));
        wall.addColorStop(1, css(fromLeft ? tone('#4b3226') : tone('#9a6b46')));
        context.fillStyle = wall;
        context.beginPath();
        context.moveTo(-0.58, 0.1);
        context.lineTo(-0.58, -0.42);
        context.lineTo(0, -0.84);
        context.lineTo(0.58, -0.42);
        context.lineTo(0.58, 0.1);
        context.fill();
        context.strokeStyle = css(tone('#3a271c'), 0.45);
        context.lineWidth = 0.018;
        context.beginPath();
        for (let row = 1; row < 6; row++) {
          context.moveTo(-0.58, -0.42 + row * 0.1);
          context.lineTo(0.58, -0.42 + row * 0.1);
        }
        context.stroke();
        context.strokeStyle = css(snowy ? blend([250, 252, 255], light.lit, 0.3) : tone('#3c2a22'));
        context.lineWidth = snowy ? 0.15 : 0.1;
        context.lineCap = 'round';
        context.lineJoin = 'round';
        context.beginPath();
        context.moveTo(-0.7, -0.38);
        context.lineTo(0, -0.89);
        context.lineTo(0.7, -0.38);
        context.stroke();
        context.fillStyle = css(lamp);
        context.fillRect(-0.4, -0.3, 0.26, 0.24);
        context.fillStyle = css(tone('#3a251a'));
        context.fillRect(0.06, -0.34, 0.24, 0.44);
        context.fillRect(-0.28, -0.3, 0.022, 0.24);
        context.fillRect(-0.4, -0.19, 0.26, 0.022);
        context.restore();
        const flicker = 0.9 + 0.1 * Math.sin(time * 5.1) * Math.sin(time * 3.3);
        halo(
          context,
          x - size * 0.27,
          y - size * 0.18,
          size * 1.5,
          lamp,
          (1.05 - light.brightness * 0.8) * 0.55 * flicker,
          'lighter',
        );
      });
    },
  };
}

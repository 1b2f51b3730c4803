/** Templates of paper prints: polaroid, scrapbook, postcard, and pictures on a strip of film. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { canvasOf, openImage } from '../../media/open-image.ts';
import { mix, smoothstep } from '../drawing/curves.ts';
import { makeSurface, nearer, type Template } from './template.ts';

interface Print {
  /** Its middle, its paper's size and how it is turned (radians), in pixels of the frame. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly turn: number;
  /** White around the picture: at the sides and above, and below. */
  readonly edge: number;
  readonly foot: number;
  /** How far it is above the surface: 0 lies, 1 floats. */
  readonly lift: number;
}

/** Draws a print with its shadow; `over` draws over the picture, in the picture's own place. */
function drawPrint(
  context: SKRSContext2D,
  { x, y, width, height, turn, edge, foot, lift }: Print,
  picture: Canvas,
  over: (x: number, y: number, width: number, height: number) => void = () => {},
): void {
  const unit = Math.max(width, height);
  context.save();
  context.translate(x, y);
  context.rotate(turn);
  context.save();
  context.shadowColor = 'rgba(0, 0, 0, 0.55)';
  context.shadowBlur = unit * (0.025 + 0.09 * lift);
  context.shadowOffsetX = unit * (0.008 + 0.05 * lift);
  context.shadowOffsetY = unit * (0.014 + 0.09 * lift);
  context.fillStyle = '#f8f6ef';
  context.fillRect(-width / 2, -height / 2, width, height);
  context.restore();
  const inner = [-width / 2 + edge, -height / 2 + edge, width - 2 * edge, height - edge - foot] as const;
  drawCovering(context, picture, ...inner);
  over(...inner);
  context.restore();
}

/** Draws the middle of `picture` so that it covers the rectangle. */
function drawCovering(
  context: SKRSContext2D,
  picture: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const scale = Math.max(width / picture.width, height / picture.height);
  const [w, h] = [width / scale, height / scale];
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (picture.width - w) / 2, (picture.height - h) / 2, w, h, x, y, width, height);
}

/** An instant photo drops onto a table, settles, and develops from a milky green to full colour while the camera comes closer. */
export const polaroid: Template = async ({ imagePaths, format, random }) => {
  const { width, height } = format;
  const unit = Math.min(width, height);
  const aspect = Math.min(1.35, Math.max(0.8, width / height));
  const paper = { height: unit * 0.84, edge: unit * 0.04, foot: unit * 0.14 };
  const inner = paper.height - paper.edge - paper.foot;
  const paperWidth = Math.min(inner * aspect + 2 * paper.edge, width * 0.86);
  const picture = canvasOf(await openImage(imagePaths[0], Math.ceil(inner * aspect * 1.1), Math.ceil(inner * 1.1)));
  const table = makeSurface('wood', width, height, random);
  const rest = random.range(0.03, 0.08) * (random.chance(0.5) ? 1 : -1);
  return (context, progress) => {
    const fall = smoothstep(0, 0.2, progress) ** 0.7;
    const developed = smoothstep(0.08, 0.7, progress);
    const size = mix(1.5, 1, fall);
    const print: Print = {
      x: width / 2,
      y: height / 2 - (1 - fall) * height * 0.7,
      width: paperWidth * size,
      height: paper.height * size,
      edge: paper.edge * size,
      foot: paper.foot * size,
      turn: mix(rest - 0.5, rest, fall),
      lift: 1 - fall,
    };
    nearer(context, format, mix(1, 1.09, smoothstep(0.1, 1, progress)), () => {
      context.drawImage(table, 0, 0);
      drawPrint(context, print, picture, (x, y, w, h) => {
        // The dye: first its grey, then colour by colour.
        context.globalCompositeOperation = 'saturation';
        context.globalAlpha = 1 - smoothstep(0.35, 0.95, developed);
        context.fillStyle = '#808080';
        context.fillRect(x, y, w, h);
        context.globalCompositeOperation = 'source-over';
        context.globalAlpha = 1 - smoothstep(0, 1, developed);
        context.fillStyle = '#8f9a8c';
        context.fillRect(x, y, w, h);
        context.globalAlpha = 0.1 + 0.2 * (1 - developed);
        const gloss = context.createLinearGradient(x, y, x + w, y + h);
        gloss.addColorStop(0, 'rgba(255, 255, 255, 0.9)');
        gloss.addColorStop(0.35, 'rgba(255, 255, 255, 0)');
        context.fillStyle = gloss;
        context.fillRect(x, y, w, h);
      });
    });
  };
};

/** Where the prints lie in a broad frame; in a tall one x and y change places. In fractions of the frame. */
const PLACES = [
  { x: 0.27, y: 0.4, turn: -0.07 },
  { x: 0.72, y: 0.36, turn: 0.06 },
  { x: 0.48, y: 0.69, turn: -0.015 },
] as const;

/** Three prints taped to a page of card, overlapping as a hand would lay them. */
export const scrapbook: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const page = makeSurface('card', width, height, random);
  const isBroad = width >= height;
  const long = (isBroad ? width : height) * 0.41;
  const size = { width: Math.min(long, width * 0.62), height: Math.min(long * 0.76, height * 0.56) };
  const edge = Math.min(size.width, size.height) * 0.045;
  const prints: { picture: Canvas; print: Print }[] = [];
  for (const [index, path] of imagePaths.entries()) {
    const place = PLACES[index % PLACES.length] ?? PLACES[0];
    const picture = canvasOf(await openImage(path, Math.ceil(size.width), Math.ceil(size.height)));
    const [x, y] = isBroad ? [place.x, place.y] : [0.5 + (place.y - 0.5) * 0.6, place.x + 0.02];
    const turn = place.turn + random.range(-0.025, 0.025);
    prints.push({ picture, print: { ...size, x: x * width, y: y * height, turn, edge, foot: edge, lift: 0 } });
  }
  return context => {
    context.drawImage(page, 0, 0);
    for (const { picture, print } of prints)
      drawPrint(context, print, picture, (_, y) => {
        // A strip of tape over the upper edge.
        context.rotate(print.turn * 0.9);
        context.fillStyle = 'rgba(250, 240, 205, 0.62)';
        context.shadowColor = 'rgba(0, 0, 0, 0.25)';
        context.shadowBlur = size.height * 0.01;
        context.fillRect(-size.width * 0.13, y - edge - size.height * 0.045, size.width * 0.26, size.height * 0.09);
      });
  };
};

/** A printed greeting: the picture in faded inks on a card, large letters across it, and a stamp. */
export const postcard: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const unit = Math.min(width, height);
  const edge = Math.round(unit * 0.055);
  const picture = canvasOf(await openImage(imagePaths[0], width - 2 * edge, height - 2 * edge));
  const card = makeSurface('paper', width, height, random);
  const stamp = { width: unit * 0.2, height: unit * 0.25, edge: unit * 0.018, foot: unit * 0.018 };
  const turn = random.range(-0.06, 0.06);
  return context => {
    context.drawImage(card, 0, 0);
    context.filter = 'saturate(0.88) sepia(0.22) contrast(0.96)';
    context.drawImage(picture, edge, edge);
    context.filter = 'none';
    context.save();
    // The card's tooth shows through the ink.
    context.globalCompositeOperation = 'multiply';
    context.globalAlpha = 0.55;
    context.drawImage(card, 0, 0);
    context.restore();
    const corner = { x: width - edge * 1.7 - stamp.width / 2, y: edge * 1.7 + stamp.height / 2 };
    drawPrint(context, { ...stamp, ...corner, turn, lift: 0 }, picture);
    context.save();
    context.translate(edge * 2, height - edge * 1.6);
    context.rotate(-0.05);
    context.transform(1, 0, -0.16, 1, 0, 0);
    context.lineJoin = 'round';
    const large = Math.min(unit * 0.13, (width - 6 * edge) * 0.16);
    for (const [words, size, up] of [
      ['Greetings', large, large * 0.72],
      ['from right here', large * 0.43, 0],
    ] as const) {
      context.font = labelFont(size);
      context.lineWidth = size * 0.2;
      context.strokeStyle = 'rgba(40, 26, 46, 0.85)';
      context.strokeText(words, size * 0.05, size * 0.05 - up);
      context.lineWidth = size * 0.1;
      context.strokeStyle = '#fff6e0';
      context.strokeText(words, 0, -up);
      const ink = context.createLinearGradient(0, -up - size * 0.8, 0, -up);
      ink.addColorStop(0, '#f2b13c');
      ink.addColorStop(1, '#d8412f');
      context.fillStyle = ink;
      context.fillText(words, 0, -up);
    }
    context.restore();
  };
};

const HOLES = 8;

/** Three pictures on a strip of film that rolls past, slightly askew; it stops on each for a moment. */
export const filmStrip: Template = async ({ imagePaths, format, random }) => {
  const { width, height } = format;
  const frameHeight = Math.round(height * 0.74);
  const frameWidth = Math.round(Math.min(width * 0.84, frameHeight * 1.5));
  const cell = Math.round(frameWidth * 1.06);
  const band = (height - frameHeight) / 2;
  const strip = createCanvas(cell * imagePaths.length, height);
  const pen = strip.getContext('2d');
  pen.fillStyle = '#15120f';
  pen.fillRect(0, 0, strip.width, height);
  for (const [index, path] of imagePaths.entries()) {
    const picture = canvasOf(await openImage(path, frameWidth, frameHeight));
    pen.drawImage(picture, index * cell + (cell - frameWidth) / 2, band);
    pen.fillStyle = '#e9dcc0';
    for (let hole = 0; hole < HOLES; hole++)
      for (const top of [band * 0.26, height - band * 0.74]) {
        pen.beginPath();
        pen.roundRect(index * cell + ((hole + 0.25) * cell) / HOLES, top, cell * 0.056, band * 0.48, band * 0.12);
        pen.fill();
      }
  }
  const askew = random.range(0.012, 0.03) * (random.chance(0.5) ? 1 : -1);
  const stops = imagePaths.length - 1;
  return (context, progress, seconds) => {
    const place = Math.min(stops, progress * (stops + 0.35));
    const step = Math.floor(place);
    // Each picture stands for a third of its time, then the strip moves on.
    const rolled = Math.min(stops, step + smoothstep(0.34, 1, place - step));
    const middle = width / 2 - (rolled + 0.5) * cell;
    context.fillStyle = '#050506';
    context.fillRect(0, 0, width, height);
    const draw = (): void => {
      for (let left = middle - strip.width; left < width * 1.1; left += strip.width) context.drawImage(strip, left, 0);
    };
    nearer(context, format, 1.05 + 0.004 * Math.sin(seconds * 23), draw, askew);
    // A light leak: warm, from one side to the other.
    const x = mix(-0.3, 1.3, (0.3 + seconds * 0.23) % 1) * width;
    const leak = context.createRadialGradient(x, 0, 0, x, 0, height * 1.1);
    leak.addColorStop(0, 'rgba(255, 150, 60, 0.42)');
    leak.addColorStop(0.5, 'rgba(255, 90, 50, 0.12)');
    leak.addColorStop(1, 'rgba(255, 60, 40, 0)');
    context.save();
    context.globalCompositeOperation = 'screen';
    context.fillStyle = leak;
    context.fillRect(0, 0, width, height);
    context.restore();
  };
};

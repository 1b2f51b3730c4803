/** Sky, sun, moon, stars and clouds, down to a horizon. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { makeClouds } from './clouds.ts';
import { type Color, css, ramp, shade } from './color.ts';
import { clamp } from './curves.ts';
import { halo } from './glow.ts';
import { makeStars } from './stars.ts';
import { atDepth, Layer, type Scene, type World } from './world.ts';

const STEPS = 256;

/** A sky whose horizon is at `horizon` pixels from the top. `clouds: false` leaves it bare. */
export function makeSky(world: World, horizon: number, options: { clouds?: boolean } = {}): Scene {
  const base = makeBackdrop(world, horizon).fixed(world);
  const stars = world.light.stars > 0 ? makeStars(world, horizon) : null;
  const clouds = options.clouds === false ? null : makeClouds(world, horizon);
  return {
    paint(context, moment) {
      const { camera } = moment;
      context.drawImage(base, 0, 0);
      stars?.paint(context, moment);
      atDepth(context, world, camera, 0.02, () => drawBody(context, world, horizon), horizon);
      clouds?.paint(context, moment);
      atDepth(context, world, camera, 0.02, () => drawGlow(context, world, horizon), horizon);
    },
  };
}

/** The gradient with the sun's scattering in it. At quarter size: it holds no edge. */
function makeBackdrop(world: World, horizon: number): Layer {
  const { light, width, height } = world;
  const layer = new Layer(world, { resolution: 0.25 });
  const colors = ramp([light.sky[0], light.sky[1], light.sky[2], light.sky[3]], STEPS);
  const sunX = light.sun.x * width;
  const sunY = light.sun.y * horizon;
  const strength = light.body === 'moon' ? 0.28 : light.hour === 'day' ? 0.35 : 0.75;
  const [gr, gg, gb] = light.glow;
  layer.shadePixels((x, y, out, at) => {
    const fall = clamp(y / horizon, 0, 1.0);
    const dx = (x - sunX) / width;
    const dy = (y - sunY) / height;
    // Low in the sky the light spreads sideways along the horizon.
    const spread = Math.exp(-(dx * dx * 5 + dy * dy * 14));
    const lift = clamp(fall + (spread - 0.4) * 0.12);
    const step = Math.min(STEPS - 1, Math.round(lift ** 1.15 * (STEPS - 1))) * 3;
    const warm = strength * (0.5 * spread ** 2 + 0.5 * Math.exp(-Math.hypot(dx * 1.1, dy) * 9));
    out[at] = (colors[step] as number) * (1 - warm) + gr * warm;
    out[at + 1] = (colors[step + 1] as number) * (1 - warm) + gg * warm;
    out[at + 2] = (colors[step + 2] as number) * (1 - warm) + gb * warm;
    out[at + 3] = 255;
  });
  return layer;
}

function drawBody(context: SKRSContext2D, world: World, horizon: number): void {
  const { light, unit } = world;
  if (light.body === 'none') return;
  const x = light.sun.x * world.width;
  const y = light.sun.y * horizon;
  const radius = unit * (light.body === 'moon' ? 0.052 : light.hour === 'day' ? 0.035 : 0.058);
  halo(context, x, y, radius * 5, light.glow, light.body === 'moon' ? 0.4 : 0.6);
  const core: Color =
    light.body === 'moon' ? [240, 244, 252] : light.hour === 'day' ? [255, 255, 246] : [255, 246, 220];
  const disc = context.createRadialGradient(x, y, radius * 0.2, x, y, radius);
  disc.addColorStop(0, css(core));
  disc.addColorStop(0.86, css(light.body === 'moon' ? shade(core, 0.97) : core));
  disc.addColorStop(1, css(core, 0));
  context.fillStyle = disc;
  context.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  if (light.body === 'moon') drawSeas(context, world, x, y, radius);
}

/** The moon's dark plains. */
function drawSeas(context: SKRSContext2D, world: World, x: number, y: number, radius: number): void {
  const random = world.random.fork('moon');
  for (let plain = 0; plain < 9; plain++) {
    const angle = random.range(0, Math.PI * 2);
    const away = radius * random.range(0, 0.6);
    const size = radius * random.range(0.12, 0.34);
    halo(context, x + Math.cos(angle) * away, y + Math.sin(angle) * away, size, [150, 164, 190], 0.42, 'source-over');
  }
}

/** The veil of light around the sun, over whatever is in front of it. */
function drawGlow(context: SKRSContext2D, world: World, horizon: number): void {
  const { light, width } = world;
  if (light.body === 'none') return;
  const strength = light.body === 'moon' ? 0.12 : light.hour === 'day' ? 0.22 : 0.34;
  halo(context, light.sun.x * width, light.sun.y * horizon, width * 0.42, light.glow, strength, 'screen');
}

/** Sky, sun, moon, stars and clouds, down to a horizon. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, ramp, shade } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { halo, makeStars } from '../drawing/lights.ts';
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

// Clouds as two drifting layers of lit noise: far veils, and nearer ones that pass faster, so that the sky never repeats a shape.

export function makeClouds(world: World, horizon: number): Scene {
  const { light, unit } = world;
  const far = cloudLayer(world, horizon, { scale: 1.1, cover: light.clouds * 0.85, streak: 2.6, alpha: 0.55, seed: 0 });
  const low = cloudLayer(world, horizon, { scale: 1.5, cover: light.clouds * 0.8, streak: 1.7, alpha: 0.8, seed: 97 });
  const gusty = world.direction.weather.has('wind') || world.direction.weather.has('storm') ? 2.2 : 1;
  const side = world.random.fork('wind').chance(0.5) ? 1 : -1;
  // A layer may not drift farther than its overscan, however long the clip is.
  const reach = world.width * 0.1;
  const drift = (time: number, speed: number): number =>
    side * reach * Math.tanh(((time - 2.5) * speed * unit * gusty) / reach);
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.04, () => far.draw(context, drift(time, 0.008)), horizon);
      atDepth(context, world, camera, 0.08, () => low.draw(context, drift(time, 0.015)), horizon);
    },
  };
}

function cloudLayer(
  world: World,
  horizon: number,
  kind: { scale: number; cover: number; streak: number; alpha: number; seed: number },
): Layer {
  const { light, width, noises } = world;
  const layer = new Layer(world, { bottom: horizon, resolution: 0.4 });
  const offset = world.random.fork(`cloud ${kind.seed}`).range(0, 256);
  const texels = (256 / width) * kind.scale;
  const sunX = light.sun.x * width;
  const sunY = light.sun.y * horizon;
  const [lit, body, under] = tones(world);
  const threshold = mix(0.52, -0.5, kind.cover);
  layer.shadePixels((x, y, out, at) => {
    // Rows crowd together towards the horizon, as a flat sheet of cloud does.
    const away = 1 / (0.5 + 0.9 * (1 - y / horizon));
    const u = (x - width / 2) * texels * away + offset;
    const v = away * 62 * kind.scale * kind.streak + offset * 1.7;
    const warp = noises.soft.at(u * 0.6 + 31, v * 0.6 + 7);
    const density =
      noises.soft.at(u + warp * 14, v + warp * 9) * 0.75 + noises.fine.at(u * 0.9 + warp * 6, v * 0.9) * 0.32;
    const alpha = smoothstep(threshold, threshold + 0.55, density);
    if (alpha <= 0.003) return;
    const toSun = Math.hypot(sunX - x, sunY - y) + 1;
    const ahead = noises.soft.at(u + warp * 14 + ((sunX - x) / toSun) * 5, v + warp * 9 + ((sunY - y) / toSun) * 5);
    const facing = clamp(0.5 + (density * 0.75 - ahead * 0.75) * 1.5 - alpha * 0.12);
    const near = Math.exp(-toSun / (width * 0.33));
    const bright = clamp(facing * (0.75 + 0.5 * near) + near * 0.2 * (1 - alpha));
    const tone = bright < 0.5 ? ([under, body, bright * 2] as const) : ([body, lit, bright * 2 - 1] as const);
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] = mix(tone[0][channel] as number, tone[1][channel] as number, tone[2]);
    const fade = smoothstep(layer.top, layer.top + horizon * 0.1, y) * smoothstep(1, 0.9, y / horizon);
    out[at + 3] = 255 * alpha * kind.alpha * mix(0.75, 1, fade) * smoothstep(1.0, 0.93, y / horizon);
  });
  return layer;
}

/** Bright edge, body and underside. */
function tones(world: World): readonly [Color, Color, Color] {
  const { light } = world;
  const storm = world.direction.weather.has('storm') || world.direction.weather.has('rain');
  if (light.hour === 'night' && storm)
    return [shade(light.sky[3], 1.15), shade(light.sky[2], 0.9), shade(light.sky[1], 0.6)];
  if (light.hour === 'night') return [blend(light.sky[3], light.lit, 0.5), light.sky[2], shade(light.sky[1], 1.05)];
  if (storm) return [blend(light.sky[3], [255, 255, 255], 0.2), shade(light.sky[2], 0.78), shade(light.sky[1], 0.55)];
  if (light.hour === 'day')
    return [
      [255, 255, 255],
      blend(light.sky[3], [255, 255, 255], 0.45),
      shade(blend(light.sky[2], light.shadow, 0.12), 0.98),
    ];
  return [
    blend(light.glow, [255, 255, 255], 0.3),
    blend(light.sky[2], light.sky[1], 0.35),
    blend(light.sky[1], light.shadow, 0.35),
  ];
}

// A band of low mist that drifts between two layers of a landscape.

/** The band is thickest at `y` and `tall` pixels either side of it; `strength` 0 to 1. */
export function makeMistBand(
  world: World,
  name: string,
  y: number,
  tall: number,
  strength: number,
  depth: number,
): Scene {
  const { noises, width, light } = world;
  const random = world.random.fork(name);
  const offset = random.range(0, 256);
  const speed = random.range(0.12, 0.2) * (random.chance(0.5) ? 1 : -1);
  const layer = new Layer(world, { top: y - tall, bottom: y + tall, resolution: 0.2 });
  const [r, g, b] = light.haze;
  layer.shadePixels((x, row, out, at) => {
    const away = Math.abs(row - y) / tall;
    const value = noises.soft.at((x * 110) / width + offset, (row * 260) / width + offset);
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
    out[at + 3] = 255 * strength * smoothstep(1, 0.05, away) * clamp(0.45 + value * 0.75);
  });
  return {
    paint(context, { time, camera }) {
      const drift = width * 0.1 * Math.sin(time * speed + offset);
      atDepth(context, world, camera, depth, () => layer.draw(context, drift));
    },
  };
}

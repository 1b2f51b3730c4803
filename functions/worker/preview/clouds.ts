/** Clouds as two drifting layers of lit noise: far veils, and nearer ones that pass faster, so that the sky never repeats a shape. */
import { blend, type Color, shade } from './color.ts';
import { clamp, mix, smoothstep } from './curves.ts';
import { atDepth, Layer, type Scene, type World } from './world.ts';

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

/** A bank of heaped clouds status over the horizon, lit from the sun's side. */
import type { Color } from './color.ts';
import { clamp, mix, smoothstep } from './curves.ts';
import { Layer, type World } from './world.ts';

/** `tones` are bright edge, body and underside. */
export function makeCloudBank(world: World, horizon: number, tones: readonly [Color, Color, Color]): Layer {
  const { light, width, unit, noises } = world;
  const { soft, fine } = noises;
  const layer = new Layer(world, { top: horizon * 0.22, bottom: horizon + 2, resolution: 0.4 });
  const random = world.random.fork('cloud bank');
  const offset = random.range(0, 256);
  const sunX = light.sun.x * width;
  const sunY = light.sun.y * horizon;
  const texel = 150 / unit / 2.4;
  const towering = mix(0.2, 0.5, light.clouds) * (world.direction.weather.has('storm') ? 1.5 : 1);
  const [lit, body, under] = tones;
  const base = horizon - unit * 0.035;
  const puff = (u: number, v: number): number =>
    Math.abs(soft.at(u, v)) + Math.abs(fine.at(u * 0.75, v * 0.75)) * 0.55 + Math.abs(fine.at(u * 1.9, v * 1.9)) * 0.26;
  layer.shadePixels((x, y, out, at) => {
    const mass = soft.at(x * texel * 0.24 + offset, offset) + 0.45 * soft.at(x * texel * 0.7 + offset, offset + 60);
    const top = base - unit * towering * clamp(mass * 0.75 + 0.36 * light.clouds, -0.2, 1.1);
    const inside = (y - top) / (unit * 0.12);
    if (inside < -1.6) return;
    const u = x * texel + offset;
    const v = y * texel * 1.15 + offset;
    const here = puff(u, v);
    const alpha = smoothstep(0, 0.5, inside + here * 1.5 - 0.75);
    if (alpha <= 0.003) return;
    const reach = Math.hypot(sunX - x, sunY - y) + 1;
    const dx = ((sunX - x) / reach) * 3.2;
    const dy = ((sunY - y) / reach) * 1.6 - 1.8;
    const facing = here - puff(u + dx, v + dy);
    const near = Math.exp(-reach / (width * 0.3));
    const height = clamp((base - y) / (unit * towering * 0.9));
    const bright = clamp(0.3 + facing * 1.1 + height * 0.26 + near * 0.24 + (1 - alpha) * 0.3 * near);
    const [from, to, share] =
      bright < 0.5 ? ([under, body, bright * 2] as const) : ([body, lit, bright * 2 - 1] as const);
    // The foot of the bank is lost in the haze over the horizon.
    const lost = smoothstep(base - unit * 0.16, base + unit * 0.02, y) * 0.85;
    for (let channel = 0; channel < 3; channel++) {
      const tone = mix(from[channel] as number, to[channel] as number, share);
      out[at + channel] = mix(tone, light.sky[3][channel] as number, lost * 0.8);
    }
    out[at + 3] = 255 * alpha * 0.94 * (1 - lost * 0.75);
  });
  return layer;
}

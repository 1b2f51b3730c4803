/** What colours a region has: a handful of clusters, each with its own spread and weight. Found the same way every time, with no randomness. */

const CLUSTERS = 5;
const ROUNDS = 6;
/** No cluster is narrower than this: a flat wall would otherwise call its own noise foreign. */
const LEAST_VARIANCE = 0.0012;

export interface ColorModel {
  /** How unlikely a colour is in the region: half the squared distance to the nearest cluster, and what its weight and width add. */
  cost(colors: Float32Array, cell: number): number;
}

/** Learns the cells by their weights (0 to 1); undefined when there is hardly anything to learn from. */
export function learnColors(colors: Float32Array, weights: Float32Array): ColorModel | undefined {
  let total = 0;
  for (const weight of weights) total += weight;
  if (total < 6) return undefined;
  const centres = spreadCentres(colors, weights);
  const count = centres.length / 3;
  const variances = new Float32Array(count * 3).fill(0.01);
  const masses = new Float32Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float32Array(count * 3);
    const squares = new Float32Array(count * 3);
    masses.fill(0);
    for (let cell = 0; cell < weights.length; cell++) {
      const weight = weights[cell] as number;
      if (weight < 0.05) continue;
      const cluster = nearest(centres, count, colors, cell);
      masses[cluster] = (masses[cluster] as number) + weight;
      for (let part = 0; part < 3; part++) {
        const value = colors[cell * 3 + part] as number;
        const at = cluster * 3 + part;
        sums[at] = (sums[at] as number) + weight * value;
        squares[at] = (squares[at] as number) + weight * value * value;
      }
    }
    for (let at = 0; at < count * 3; at++) {
      const mass = masses[Math.floor(at / 3)] as number;
      if (mass === 0) continue;
      const mean = (sums[at] as number) / mass;
      centres[at] = mean;
      variances[at] = Math.max(LEAST_VARIANCE, (squares[at] as number) / mass - mean * mean);
    }
  }
  return modelOf(
    centres,
    variances,
    masses.map(mass => mass / total),
  );
}

function modelOf(centres: Float32Array, variances: Float32Array, shares: Float32Array): ColorModel {
  const constants = shares.map((share, cluster) => {
    const at = cluster * 3;
    const [a, b, c] = [variances[at] as number, variances[at + 1] as number, variances[at + 2] as number];
    return 0.5 * Math.log(a * b * c) - Math.log(share + 1e-4);
  });
  return {
    cost(colors, cell) {
      let least = Number.POSITIVE_INFINITY;
      for (let cluster = 0; cluster < shares.length; cluster++) {
        let sum = constants[cluster] as number;
        for (let part = 0; part < 3; part++) {
          const away = (colors[cell * 3 + part] as number) - (centres[cluster * 3 + part] as number);
          sum += (away * away) / (2 * (variances[cluster * 3 + part] as number));
        }
        least = Math.min(least, sum);
      }
      return least;
    },
  };
}

/** First centres far from one another: each is the weighted cell that is farthest from those before it. */
function spreadCentres(colors: Float32Array, weights: Float32Array): Float32Array {
  const centres: number[] = [];
  const take = (cell: number): void => {
    for (let part = 0; part < 3; part++) centres.push(colors[cell * 3 + part] as number);
  };
  take(weights.indexOf(Math.max(...weights)));
  while (centres.length < CLUSTERS * 3) {
    let best = -1;
    let most = 0.0004;
    const known = Float32Array.from(centres);
    for (let cell = 0; cell < weights.length; cell++) {
      const away = distance(known, nearest(known, known.length / 3, colors, cell), colors, cell);
      if (away * (weights[cell] as number) > most) {
        most = away * (weights[cell] as number);
        best = cell;
      }
    }
    if (best < 0) break;
    take(best);
  }
  return Float32Array.from(centres);
}

function nearest(centres: Float32Array, count: number, colors: Float32Array, cell: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cluster = 0; cluster < count; cluster++) {
    const away = distance(centres, cluster, colors, cell);
    if (away < least) {
      least = away;
      best = cluster;
    }
  }
  return best;
}

function distance(centres: Float32Array, cluster: number, colors: Float32Array, cell: number): number {
  let sum = 0;
  for (let part = 0; part < 3; part++)
    sum += ((colors[cell * 3 + part] as number) - (centres[cluster * 3 + part] as number)) ** 2;
  return sum;
}

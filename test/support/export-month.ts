/** Exports a generated month into a folder and says on one line what it took. Run by itself, so that its memory is its own. */
import { exportDay } from '../../functions/finance/export-day.ts';
import { GeneratedMonth } from './generated-month.ts';
import { inFolder } from './kept-files.ts';

const ISSUER = { issuer: 'Mutoscope Video GmbH', provider: 'Mutoscope' };
const [month = '', jobs = '', folder = ''] = process.argv.slice(2);
const generated = new GeneratedMonth({ month, jobs: Number(jobs) });
const since = performance.now();
const cpu = process.cpuUsage();
let rows = 0;
let unexplained = 0;
for (const day of generated.days) {
  const summary = await exportDay(day, generated, inFolder(folder), ISSUER);
  unexplained += summary.unexplained;
  rows += Object.values(summary.datasets).reduce((sum, dataset) => sum + dataset.rows, 0);
}
const ms = Math.round(performance.now() - since);
const { user, system } = process.cpuUsage(cpu);
// maxRSS is in KB.
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ ms, cpuMs: Math.round((user + system) / 1000), rows, unexplained, megabytes }));

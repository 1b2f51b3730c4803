import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Throws where the packages are not those of the lockfile: what npm starts would install them anew, under every other test. */
export function assertInstalled(root: string): void {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.mutoscope-installed');
  const installed = existsSync(stamp) && readFileSync(stamp, 'utf8');
  if (installed !== lock)
    throw new Error('the packages are not those of package-lock.json: run npm test, which installs them');
}

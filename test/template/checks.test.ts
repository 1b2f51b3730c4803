/** The AwsSolutions pack over the app in this process, where its findings can be seen before they are acknowledged. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeApp } from '../../lib/app.ts';

const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
let app: App;
/** Violations that stand, and every finding whether acknowledged or not, by rule with the paths it is about. */
let status: Record<string, string[]>;
let findings: Record<string, string[]>;

beforeAll(() => {
  app = makeApp({ MUTOSCOPE_ALARM_EMAIL: 'alarms@example.com' }, { outdir });
  app.synth();
  status = check(new AwsSolutionsChecks());
  findings = check(Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false }));
});

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function check(pack: AwsSolutionsChecks): Record<string, string[]> {
  const { violations } = pack.validateScope(app);
  return Object.fromEntries(
    violations.map(({ ruleName, violatingResources }) => [
      ruleName,
      violatingResources.map(resource => String((resource as { constructPath?: string }).constructPath)),
    ]),
  );
}

interface Acknowledged {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

function acknowledged(): Acknowledged[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>)
          .map(([rule, reason]) => ({ path: node.path, rule: rule.replace(/^annotation::/i, ''), reason }))
          // CDK acknowledges some of its own checks for what it makes itself.
          .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
      ),
  );
}

describe('the AwsSolutions checks', () => {
  test('leave no violation status', () => {
    expect(status).toEqual({});
  });

  test('do find what has been acknowledged, so they ran', () => {
    expect(Object.keys(findings)).toContain('AwsSolutions-APIG3');
  });

  test('are answered with a sentence each time', () => {
    expect(acknowledged().filter(({ reason }) => !/^[A-Z].{30,}\.$/.test(reason))).toEqual([]);
  });

  test('are acknowledged nowhere without a finding', () => {
    const idle = acknowledged().filter(
      ({ path, rule }) => !findings[rule]?.some(found => found === path || found.startsWith(`${path}/`)),
    );
    expect(idle).toEqual([]);
  });

  test("leave no finding of CDK's own checks either", () => {
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports.filter((plugin: { violations: unknown[] }) => plugin.violations.length > 0)).toEqual(
      [],
    );
  });

  test('are made of an app that looks nothing up and belongs to no AWS account', () => {
    const stacks = app.node.findAll().filter(Stack.isStack) as Stack[];
    expect(stacks).toHaveLength(5);
    for (const { account, region } of stacks) expect([account, region].join()).toMatch(/^\$\{Token.*\$\{Token/);
    expect(app.synth().manifest.missing ?? []).toEqual([]);
  });
});

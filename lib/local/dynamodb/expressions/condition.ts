/** What ConditionExpression, FilterExpression and KeyConditionExpression say, with every placeholder already replaced. */
import { type Operand, pathsOfOperands } from './operand.ts';
import type { Path } from './path.ts';

export const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: string }
  | { readonly kind: 'begins_with' | 'contains'; readonly operand: Operand; readonly argument: Operand };

/** Every path that a condition reads. */
export function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not':
      return pathsOf(condition.of);
    case 'compare':
      return pathsOfOperands(condition.left, condition.right);
    case 'between':
      return pathsOfOperands(condition.operand, condition.low, condition.high);
    case 'in':
      return pathsOfOperands(condition.operand, ...condition.candidates);
    case 'exists':
    case 'type':
      return [condition.path];
    case 'begins_with':
    case 'contains':
      return pathsOfOperands(condition.operand, condition.argument);
  }
}

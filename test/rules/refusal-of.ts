import { Refusal } from '../../functions/catalogue/refusal.ts';

/** The Refusal that `action` throws; undefined where it throws nothing. Whatever else it throws is thrown on. */
export function refusalOf(action: () => unknown): Refusal | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

import { Fn } from 'aws-cdk-lib';

/**
 * A name for what must have one: with the beginning of the stack's own id, it is no other stage's, region's or account's, nor
 * that of an earlier stack of the same name, which may have left something behind.
 */
export function nameOnce(name: string): string {
  return Fn.join('-', [name, Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Fn.ref('AWS::StackId')))))]);
}

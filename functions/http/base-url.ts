/** Where the API stands for who calls it, so that links in answers lead somewhere. Pure. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerOf } from './caller.ts';

/** The API's address as the caller used it: with the stage, or the base path of a domain of one's own. */
export function baseUrlOf(event: Pick<APIGatewayProxyEvent, 'requestContext' | 'headers' | 'resource'>): string {
  const { domainName = 'localhost', path } = event.requestContext;
  // What stands before the path of the route: `/live`, and nothing at the root of a domain.
  const route = event.resource
    .split('/')
    .filter(Boolean)
    .map(part => (part.startsWith('{') ? '/[^/]+' : `/${part.replaceAll('.', '\\.')}`))
    .join('');
  const prefix = path.replace(new RegExp(`${route}/*$`), '');
  return `${headerOf(event, 'x-forwarded-proto') ?? 'https'}://${domainName}${prefix}`;
}

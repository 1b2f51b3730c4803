import { Properties } from '../properties.ts';
import type { CloudContext, ResourceType } from '../service.ts';
import type { Catalog } from './catalog.ts';

/** `AWS::Glue::Database`. */
export function databaseResource({ accountId }: CloudContext, catalog: Catalog): ResourceType {
  return {
    identify({ name, properties }) {
      const { Name } = (properties.DatabaseInput ?? {}) as { Name?: unknown };
      return { ref: typeof Name === 'string' ? Name : catalogName(name), attributes: {} };
    },
    apply(resource) {
      const given = Properties.of(resource, ['CatalogId', 'DatabaseInput', 'DatabaseName', 'Tags']);
      if (given.string('CatalogId') !== accountId) given.refuse('CatalogId', `should be the account, ${accountId}`);
      // LocationUri is where tables made by queries would go, and queries here make none.
      const input = given.nested('DatabaseInput', ['Name', 'Description', 'LocationUri', 'Parameters']);
      if ((input?.string('Name', resource.ref) ?? resource.ref) !== resource.ref) {
        given.refuse('DatabaseInput', 'Name should be plain text, or left out');
      }
      if (resource.ref !== resource.ref.toLowerCase()) given.refuse('DatabaseInput', 'Name should be in lower case');
      catalog.addDatabase(resource.ref);
    },
  };
}

/** A physical name as Glue keeps it, which Athena reads without quotes. */
export function catalogName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}

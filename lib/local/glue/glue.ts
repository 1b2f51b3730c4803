/**
 * The Glue Data Catalog: databases and tables of the template, for Athena to read. It has no endpoint.
 *
 * - The template is the catalog: nothing is stored, and a table that it no longer has is gone.
 * - A table is external, of Parquet or CSV objects in S3. Its partitions are not registered: those of Hive style are
 *   where the objects are, as if `MSCK REPAIR TABLE` ran before every query; others are projected.
 */
import type { CloudContext, Engine } from '../service.ts';
import { Catalog } from './catalog.ts';
import { databaseResource } from './database-resource.ts';
import { tableResource } from './table-resource.ts';

export function createGlue(context: CloudContext): Engine & { readonly catalog: Catalog } {
  const catalog = new Catalog();
  return {
    catalog,
    services: [],
    resources: {
      'AWS::Glue::Database': databaseResource(context, catalog),
      'AWS::Glue::Table': tableResource(context, catalog),
    },
  };
}

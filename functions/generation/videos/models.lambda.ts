import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { wholeList } from '../../http/page.ts';
import { findModel, LISTED_MODELS } from './model-object.ts';
import { listModels, retrieveModel } from './models-contract.ts';

export const handler = restHandler(
  route(listModels, async () => ({ body: wholeList(LISTED_MODELS) })),
  route(retrieveModel, async ({ input: { id } }) => ({ body: findModel(id) })),
);

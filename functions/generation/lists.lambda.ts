import { pixverseHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { LISTED_STYLES, LISTED_TEMPLATES, pageOf } from './pixverse/choices.ts';
import { effectsList, restyleList } from './pixverse/choices-contract.ts';

export const handler = pixverseHandler(
  route(restyleList, async ({ input }) => ({ body: pageOf(LISTED_STYLES, input) })),
  route(effectsList, async ({ input: { type, page, pageSize, page_num, page_size } }) => {
    const templates = type === undefined ? LISTED_TEMPLATES : LISTED_TEMPLATES.filter(found => found.type === type);
    const { total, data } = pageOf(templates, { page_num: page ?? page_num, page_size: pageSize ?? page_size });
    return { body: { total, effect_items: data } };
  }),
);

import { pixverseHandler } from '../audit/api-handlers.ts';
import { LOOKS } from '../catalogue/styles.ts';
import { TEMPLATES } from '../catalogue/templates.ts';
import { route } from '../http/api-handler.ts';
import { effectsList, restyleList } from './pixverse/lists-contract.ts';
import { pageOf } from './pixverse/pages.ts';

const LISTED_LOOKS = LOOKS.map(({ id, name, words }) => ({ restyle_id: id, restyle_name: name, description: words }));
/** Every template is open to every account. */
const EFFECTS = TEMPLATES.map(({ id, name, description, images, kind }) => ({
  ...{ template_id: id, name, description, img_count: images, activated: true },
  type: kind === 'video' ? (1 as const) : (2 as const),
}));

export const handler = pixverseHandler(
  route(restyleList, async ({ input }) => ({ body: pageOf(LISTED_LOOKS, input) })),
  route(effectsList, async ({ input: { type, page, pageSize, page_num, page_size } }) => {
    const wanted = type === undefined ? EFFECTS : EFFECTS.filter(effect => effect.type === type);
    const { total, data } = pageOf(wanted, { page_num: page ?? page_num, page_size: pageSize ?? page_size });
    return { body: { total, effect_items: data } };
  }),
);

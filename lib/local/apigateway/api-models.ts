/** The APIs, each with its resources. The first that was made answers at the gateway's own address. */
import { ApiModel } from './api-model.ts';

export class ApiModels {
  readonly #models = new Map<string, ApiModel>();

  /** What the API of this id is made of; empty where nothing of it is made yet. */
  of(apiId: string): ApiModel {
    const model = this.#models.get(apiId) ?? new ApiModel();
    this.#models.set(apiId, model);
    return model;
  }

  /** With all that belongs to it. */
  remove(apiId: string): void {
    this.#models.delete(apiId);
  }

  all(): readonly ApiModel[] {
    return [...this.#models.values()].filter(({ api }) => api !== undefined);
  }

  /** Whom a call of this host is for: the API that AWS gives such a name (`<id>.execute-api...`), else the first. */
  at(host: string | undefined): ApiModel | undefined {
    const [, id = ''] = /^([a-z0-9]+)\.execute-api\./.exec(host ?? '') ?? [];
    return this.#models.get(id) ?? this.all()[0];
  }
}

import type { Client, Group, IdentityProvider, Pool } from './pool.ts';
import { refusal } from './refusal.ts';

/** The pools of the template, and what belongs to each. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #clients = new Map<string, Client>();
  readonly #groups = new Map<string, Group>();
  readonly #providers = new Map<string, IdentityProvider>();

  addPool(pool: Pool): void {
    this.#pools.set(pool.id, pool);
  }

  addClient(client: Client): void {
    this.#clients.set(client.id, client);
  }

  addGroup(group: Group): void {
    this.#groups.set(`${group.poolId} ${group.name}`, group);
  }

  addIdentityProvider(provider: IdentityProvider): void {
    this.#providers.set(`${provider.poolId} ${provider.name}`, provider);
  }

  find(id: string): Pool | undefined {
    return this.#pools.get(id);
  }

  /** Throws ResourceNotFoundException. */
  pool(id: string): Pool {
    const pool = this.#pools.get(id);
    if (!pool) throw refusal('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return pool;
  }

  /** Throws ResourceNotFoundException, for a client of another pool too. */
  client(id: string, poolId?: string): Client {
    const client = this.#clients.get(id);
    if (!client || (poolId !== undefined && client.poolId !== poolId)) {
      throw refusal('ResourceNotFoundException', `User pool client ${id} does not exist.`);
    }
    return client;
  }

  clientOf(pool: Pool, id: string): Client | undefined {
    const client = this.#clients.get(id);
    return client?.poolId === pool.id ? client : undefined;
  }

  /** Throws ResourceNotFoundException. */
  group(pool: Pool, name: string): Group {
    const group = this.#groups.get(`${pool.id} ${name}`);
    if (!group) throw refusal('ResourceNotFoundException', 'Group not found.');
    return group;
  }

  hasGroup(poolId: string, name: string): boolean {
    return this.#groups.has(`${poolId} ${name}`);
  }

  identityProviders(poolId: string): readonly IdentityProvider[] {
    return [...this.#providers.values()].filter(provider => provider.poolId === poolId);
  }
}

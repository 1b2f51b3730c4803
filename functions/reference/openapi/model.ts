/** As much of OpenAPI 3.1 as the document uses, as types. */

/** JSON Schema 2020-12, as zod writes it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  /** False where absent. */
  readonly required?: true;
  readonly description?: string;
  readonly style?: 'deepObject';
  readonly explode?: true;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
}

export interface Header {
  readonly $ref?: string;
  readonly description?: string;
  readonly schema?: Schema;
}

/** Either what it is, or a reference to a component that is. */
export interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly [string];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required?: true; readonly content: Readonly<Record<string, MediaType>> };
  /** By status; those that operations share are references to components. */
  readonly responses: Readonly<Record<string, Answer>>;
  /** Any one of these is enough: a scheme, and the permission of a key or the role of a person that it needs. */
  readonly security: readonly Readonly<Partial<Record<SchemeName, readonly string[]>>>[];
}

/** How a caller says who it is. */
export type SchemeName = 'apiKey' | 'bearer' | 'person' | 'signature';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly termsOfService: string;
    readonly license: { readonly name: string; readonly url: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly externalDocs: { readonly url: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Tags by dialect. */
  readonly 'x-tagGroups': readonly { readonly name: string; readonly tags: readonly string[] }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly headers: Readonly<Record<string, Header>>;
    readonly securitySchemes: Readonly<Record<SchemeName, Readonly<Record<string, string>>>>;
  };
}

export type Target = DuckDbTarget | PostgresTarget;
export type DuckDbTarget = {
  readonly type: "duckdb";
  readonly name: string;
  /** Absolute, or `:memory:`. */
  readonly path: string;
  /** Absolute: the copy for readers, replaced whole after each run that succeeds. */
  readonly publish?: string;
  /** Opened without the right to write, as a published copy is. */
  readonly readOnly?: true;
  readonly schema: string;
  readonly threads: number;
  /** DuckDB settings as `set name = value`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
};

export type PostgresTarget = {
  readonly type: "postgres";
  readonly name: string;
  readonly connection: PostgresConnection;
  readonly schema: string;
  /** Connections that build at once. */
  readonly threads: number;
  /** What every session sets first: server parameters by name. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
};

/** Where a server is and how it is spoken to: everything said, nothing read from the environment any more. */
export type PostgresConnection = {
  /** A name or an address, or the absolute folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Never printed. */
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: PostgresTls;
  readonly applicationName: string;
  /** Seconds. */
  readonly connectTimeout: number;
};

/** As libpq has them; certificates and the key are absolute paths. */
export type PostgresTls = {
  readonly mode: "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";
  readonly rootCert?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

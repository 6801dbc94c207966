import type { Metafile } from "esbuild";

export declare function buildSite(outdir: string): Promise<Metafile[]>;

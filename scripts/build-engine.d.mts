export declare function buildEngine(outdir: string): void;

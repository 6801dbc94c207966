import type { Dialect } from "../../runner/dialects/dialect.ts";
import type { ParsedProject } from "../../runner/graph/parsed-project.ts";
import { createCompiler } from "../../runner/plan/compile.ts";
import type { Compiler } from "../../runner/plan/compile.ts";
import { createSourceFinder } from "../../runner/plan/source-relations.ts";
import type { Project } from "../../runner/project/types.ts";

/** A compiler that knows no warehouse, and is the same at any time. */
export const compilerOf = (project: Project, parsed: ParsedProject, dialect: Dialect): Compiler =>
  createCompiler({
    project,
    parsed,
    dialect,
    sources: createSourceFinder(project.landing, dialect),
    env: {},
    isIncremental: () => false,
    invocationId: "00000000-0000-0000-0000-000000000000",
    startedAt: "2025-01-01T00:00:00.000Z",
  });

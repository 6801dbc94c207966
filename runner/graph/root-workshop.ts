import type { Project } from "../project/types.ts";
import { configLayers } from "./resolve-config.ts";
import { Templates } from "./templates.ts";
import type { Workshop } from "./workshop.ts";

/** Where the nodes of the project itself are made. */
export const rootWorkshop = (
  project: Project,
  shared: Pick<Workshop, "env" | "problems" | "library" | "docs">,
): Workshop => ({
  ...shared,
  project,
  package: null,
  rootName: project.name,
  prefix: "",
  configs: configLayers(project.folderConfigs),
  templates: new Templates(),
  introspective: new Set<string>(),
  off: [],
  restricted: new Set(
    [project, ...project.packages].filter((one) => one.restrictAccess).map(({ name }) => name),
  ),
});

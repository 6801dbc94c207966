import type { Place } from "../base/problems.ts";
import { readTemplate } from "./read-template.ts";
import { mergeReferences } from "./references.ts";
import type { ExposureNode } from "./types.ts";
import { describe, foldersOf, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Who uses what comes out: dashboards, notebooks. `depends_on` holds `ref('x')` and `source('a', 'b')`. */
export function exposureNodes(workshop: Workshop): ExposureNode[] {
  const { project } = workshop;
  const seen = new Map<string, Place>();
  return project.properties.exposures.flatMap((exposure) => {
    const { enabled, ...said } = exposure;
    const { file } = exposure.place;
    const uniqueId = `exposure.${project.name}.${exposure.name}`;
    const first = seen.get(uniqueId);
    if (first !== undefined && enabled) {
      const message = `exposure "${exposure.name}" is also in ${first.file}:${first.line}`;
      const hint = "rename one of the two, or switch it off (enabled: false)";
      report(workshop, exposure.place, "NAME_DUPLICATE", message, hint);
    }
    if (enabled) seen.set(uniqueId, exposure.place);
    const calls = exposure.dependsOn.map((call) => `{{ ${call.replaceAll(/^\s*\{\{|\}\}\s*$/g, "")} }}`);
    const node: ExposureNode = {
      ...said,
      description: describe(workshop, exposure.description, exposure.place),
      resourceType: "exposure",
      uniqueId,
      packageName: project.name,
      path: pathOf(workshop, exposure.place).replace(/^[^/]*\//, ""),
      originalFilePath: pathOf(workshop, exposure.place),
      fqn: [project.name, ...foldersOf(workshop, exposure.place), exposure.name],
      references: mergeReferences(
        calls.map((call) => readTemplate(workshop, uniqueId, file, call, exposure.place).references),
      ),
    };
    if (enabled) return [node];
    workshop.off.push(node);
    return [];
  });
}

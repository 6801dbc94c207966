import type { VNode } from "preact";
import type { AlertSpan } from "../../../data/runs-types.ts";
import { NodeName, StatusBadge } from "../../kit/badges.tsx";
import { formatAge, formatMinute, plural } from "../../kit/format.ts";
import { Empty } from "../../kit/state.tsx";

/** What went wrong in the runs that are known, since when, and whether it is well again. */
export function Alerts({ alerts }: { alerts: readonly AlertSpan[] }): VNode {
  if (alerts.length === 0) return <Empty title="Nothing went wrong in the runs that are known" />;
  return (
    <section class="card">
      <h2>Alerts</h2>
      <ul class="rows">
        {alerts.map((alert, i) => (
          <li key={i} class="alert">
            {alert.until === null ? (
              <StatusBadge status={alert.status} word="open" />
            ) : (
              <StatusBadge status="good" word="well again" />
            )}
            <div>
              <NodeName node={{ id: alert.id, name: alert.name, kind: alert.kind }} />
              {alert.message === "" ? null : <div class="quiet small clamp">{alert.message}</div>}
            </div>
            <div class="quiet small alert-when" title={formatMinute(alert.since)}>
              since {formatAge(alert.since)}
              <br />
              {alert.until === null
                ? `seen by ${plural(alert.times, "run")}`
                : `until ${formatMinute(alert.until)}`}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

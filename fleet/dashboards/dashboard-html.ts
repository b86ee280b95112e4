import { linkTarget, type LinkPlaces } from './dashboard-links';
import type { DrawingOptions } from './drawing-options';
import type { FilledWidget } from './fill-dashboard';
import { markup, type Html } from './html';
import { markdownHtml } from './markdown-html';
import type { AlarmAnswer, AlarmName } from './metric-source';
import { metricWidgetHtml } from './metric-widget-html';
import { readRunbookText, runbookLink } from './runbook-text';

/** The widgets of a dashboard, in their 24 columns. */
export function widgetsHtml(widgets: readonly FilledWidget[], options: DrawingOptions): Html {
  return markup`<div class="grid">${widgets.map((filled) => cardHtml(filled, options))}</div>`;
}

function cardHtml(filled: FilledWidget, options: DrawingOptions): Html {
  const { widget } = filled;
  const title = 'title' in widget && widget.title !== '' ? markup`<h2>${widget.title}</h2>` : null;
  return markup`<section class="card w${Math.min(24, widget.place.width)}">${title}${insideHtml(filled, options)}</section>`;
}

function insideHtml(filled: FilledWidget, options: DrawingOptions): Html {
  const { places } = options;
  if ('answers' in filled) return metricWidgetHtml(filled.widget, filled.answers, options);
  if ('alarms' in filled) return alarmsHtml(filled.widget.alarms, { answers: filled.alarms, places });
  const { widget } = filled;
  switch (widget.kind) {
    case 'text':
      return markdownHtml(widget.markdown, { link: (href) => linkTarget(href, places), root: '', deeper: 1 });
    case 'log':
      return markup`<p class="empty">
          Log records are not read for these pages: this shows nothing of what was logged. The query in CloudWatch:
        </p>
        <pre><code>${widget.query}</code></pre>`;
    case 'unknown':
      return markup`<p class="unknown"><strong>not drawn</strong>: ${widget.reason}</p>`;
    default:
      throw new Error(`unknown widget ${JSON.stringify(widget satisfies never)}`);
  }
}

interface AlarmsOptions {
  readonly answers: ReadonlyMap<string, AlarmAnswer>;
  readonly places: LinkPlaces;
}

function alarmsHtml(alarms: readonly AlarmName[], { answers, places }: AlarmsOptions): Html {
  const rows = alarms.map(({ arn, name }) => {
    const answer = answers.get(arn) ?? { kind: 'not evaluated', reason: 'nothing was said of it' };
    return markup`<tr>
      <th scope="row">${name}</th>
      <td>${stateHtml(answer)}</td>
      <td>${answer.kind === 'state' ? describedHtml(answer.description, places) : null}</td>
    </tr>`;
  });
  return markup`<div class="scroll" role="region" aria-label="Alarms" tabindex="0">
    <table class="data">
      <thead>
        <tr>
          <th scope="col">alarm</th>
          <th scope="col">state</th>
          <th scope="col">means</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function stateHtml(answer: AlarmAnswer): Html {
  if (answer.kind === 'not evaluated') return markup`<span class="state state-unknown">not evaluated</span>: ${answer.reason}`;
  switch (answer.state) {
    case 'OK':
      return markup`<span class="state state-ok">✓ OK</span>`;
    case 'ALARM':
      return markup`<span class="state state-alarm">▲ In alarm</span>`;
    case 'INSUFFICIENT_DATA':
      return markup`<span class="state state-insufficient">? Insufficient data</span>`;
    default:
      throw new Error(`unknown state ${String(answer.state satisfies never)}`);
  }
}

/** An alarm's description; the runbook that it names becomes a link where it has a page. */
function describedHtml(description: string, places: LinkPlaces): Html {
  const { says, runbook } = readRunbookText(description);
  return markup`${says} ${runbookLink(runbook, places)}`;
}

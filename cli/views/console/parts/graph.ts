import { plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { type Box, drawingOf, type Point, type Route } from './layout.ts';
import { begin, end, type Machine } from './machine.ts';
import type { Outcome, Passage } from './passage.ts';

const words: Record<Outcome, string> = {
  succeeded: 'succeeded',
  caught: 'failed, caught',
  failed: 'failed',
  running: 'in progress',
  aborted: 'aborted',
};

/** The state machine drawn: states by outcome, the way taken, retries; each state leads to `#state-NAME`. */
export function machineGraph(machine: Machine, passage: Passage): Html {
  const drawing = drawingOf(machine);
  const types = new Map(machine.states.map(({ name, type }) => [name, type]));
  // Transitions that were taken are drawn over the others.
  const routes = [...drawing.routes].sort(
    (a, b) => Number(passage.taken(a.transition)) - Number(passage.taken(b.transition)),
  );
  return html`<svg class="graph" viewBox="0 0 ${drawing.width} ${drawing.height}" width="${drawing.width}" height="${drawing.height}" role="img" aria-label="The states of this execution; the table below says the same">
<defs>${['plain', 'taken', 'bad'].map(
    kind =>
      html`<marker id="arrow-${kind}" class="arrow ${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>`,
  )}</defs>
${routes.map(route => wayLine(route, passage))}
${drawing.boxes.map(box => stateBox(box, types.get(box.name) ?? '', passage))}
</svg>`;
}

function wayLine({ transition, points }: Route, passage: Passage): Html {
  const taken = passage.taken(transition);
  const kind = taken ? (transition.kind === 'catch' ? 'bad' : 'taken') : 'plain';
  return html`<path class="way ${kind} ${transition.kind}" d="${curve(points)}" marker-end="url(#arrow-${kind})"/>`;
}

/** From point to point, upright at each. */
function curve([first = { x: 0, y: 0 }, ...others]: readonly Point[]): string {
  let from = first;
  const parts = [`M${round(from.x)} ${round(from.y)}`];
  for (const { x, y } of others) {
    const middle = round((from.y + y) / 2);
    if (x === from.x) parts.push(`V${round(y)}`);
    else if (y === from.y) parts.push(`H${round(x)}`);
    else parts.push(`C${round(from.x)} ${middle} ${round(x)} ${middle} ${round(x)} ${round(y)}`);
    from = { x, y };
  }
  return parts.join('');
}

function stateBox({ name, x, y, width, height }: Box, type: string, passage: Passage): Html {
  const middle = round(y + height / 2);
  if (name === begin || name === end) {
    const label = name === begin ? 'Start' : 'End';
    return html`<g class="pin"><rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="${height / 2}"/><text x="${round(x + width / 2)}" y="${middle}">${label}</text></g>`;
  }
  const { outcome, attempts } = passage.outcomes.get(name) ?? { outcome: null, attempts: 0 };
  const label = outcome ? words[outcome] : 'not reached';
  const tries = attempts > 1 ? `, ${plural(attempts, 'attempt')}` : '';
  const box = html`<g class="state ${outcome ?? 'idle'} ${type === 'Choice' ? 'choice' : 'work'}"><title>${name}: ${type}, ${label}${tries}</title>
<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="6"/>
<circle class="dot" cx="${round(x + 15)}" cy="${middle}" r="4.5"/>
<text x="${round(x + 28)}" y="${middle}">${name}</text>
${attempts > 1 ? html`<g class="tries"><rect x="${round(x + width - 14)}" y="${round(y - 9)}" width="26" height="18" rx="9"/><text x="${round(x + width - 1)}" y="${round(y)}">×${attempts}</text></g>` : null}</g>`;
  return outcome ? html`<a href="#state-${name}">${box}</a>` : box;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

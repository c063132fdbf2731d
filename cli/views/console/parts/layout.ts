import { Graph, layout } from '@dagrejs/dagre';
import { CliError } from '../../../failure.ts';
import { begin, end, type Machine, type Transition } from './machine.ts';

export interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Route {
  transition: Transition;
  points: Point[];
}

/** Where everything of a drawing stands, in CSS pixels. */
export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  routes: Route[];
}

const options = { rankdir: 'TB', ranksep: 34, nodesep: 40, edgesep: 24 } as const;
const margin = 8;
/** between ways side by side, and from the last bend to the state below it */
const apart = 14;

const drawn = new Map<string, Drawing>();

/** Lays a state machine out, top to bottom; the same one is laid out once. */
export function drawingOf(machine: Machine): Drawing {
  const key = JSON.stringify(machine.transitions);
  const known = drawn.get(key) ?? framed(layOut(machine));
  drawn.set(key, known);
  return known;
}

type Laid = Pick<Drawing, 'boxes' | 'routes'>;

function layOut({ states, transitions }: Machine): Laid {
  const graph = new Graph({ multigraph: true }).setGraph({ ...options });
  const order = [begin, ...states.map(({ name }) => name), end];
  for (const name of order) graph.setNode(name, sizeOf(name));
  for (const [index, { from, to, kind }] of transitions.entries()) {
    // What is caught goes around everything: of those ways, one places its state, the others would bend the usual way.
    if (kind === 'catch' && transitions.findLastIndex(each => each.kind === kind && each.to === to) !== index)
      continue;
    const usual = order.indexOf(to) === order.indexOf(from) + 1;
    graph.setEdge(from, to, { weight: kind === 'catch' ? 1 : usual ? 50 : 4 }, String(index));
  }
  layout(graph);
  const boxes = new Map(order.map(name => [name, boxOf(graph, name)]));
  const routes = transitions.map((transition, index): Route => {
    const [from, to] = [boxes.get(transition.from), boxes.get(transition.to)];
    if (!from || !to)
      throw new CliError(`the definition leads to ${transition.to}, which is not one of its states`);
    if (transition.kind === 'catch') return { transition, points: [middleLeft(from), middleTop(to)] };
    const { points = [] } = graph.edge(transition.from, transition.to, String(index));
    // dagre lets a way touch a side, where its arrow would lie flat.
    return { transition, points: [middleBottom(from), ...points.slice(1, -1), middleTop(to)] };
  });
  return { boxes: [...boxes.values()], routes: besides(routes, [...boxes.values()]) };
}

/** Leads what is caught down the left side, a lane for each state that it goes to. */
function besides(routes: readonly Route[], boxes: readonly Box[]): Route[] {
  const left = Math.min(
    ...boxes.map(({ x }) => x),
    ...routes.flatMap(({ points }) => points.map(({ x }) => x)),
  );
  const lanes = [...new Set(routes.filter(isCaught).map(({ transition }) => transition.to))];
  return routes.map(route => {
    const [from, to] = route.points;
    if (!isCaught(route) || !from || !to) return route;
    const x = left - apart * (1 + lanes.indexOf(route.transition.to));
    const y = to.y - apart;
    return { ...route, points: [from, { x, y: from.y }, { x, y }, { x: to.x, y }, to] };
  });
}

function isCaught({ transition }: Route): boolean {
  return transition.kind === 'catch';
}

/** Moves everything into a frame that it fills. */
function framed({ boxes, routes }: Laid): Drawing {
  const corners = boxes.flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const all = [...corners, ...routes.flatMap(({ points }) => points)];
  const [left, top] = [Math.min(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y))];
  const moved = <T extends Point>(point: T): T => ({
    ...point,
    x: point.x - left + margin,
    y: point.y - top + margin,
  });
  return {
    width: Math.ceil(Math.max(...all.map(({ x }) => x)) - left + 2 * margin),
    height: Math.ceil(Math.max(...all.map(({ y }) => y)) - top + 2 * margin),
    boxes: boxes.map(moved),
    routes: routes.map(route => ({ ...route, points: route.points.map(moved) })),
  };
}

function sizeOf(name: string): { width: number; height: number } {
  const pin = name === begin || name === end;
  return pin ? { width: 54, height: 24 } : { width: Math.max(128, name.length * 8 + 44), height: 38 };
}

function boxOf(graph: Graph, name: string): Box {
  const { x, y, width, height } = graph.node(name);
  return { name, x: x - width / 2, y: y - height / 2, width, height };
}

const middleTop = ({ x, y, width }: Box): Point => ({ x: x + width / 2, y });
const middleBottom = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height });
const middleLeft = ({ x, y, height }: Box): Point => ({ x, y: y + height / 2 });

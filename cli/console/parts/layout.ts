import elk, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import { begin, end, type Machine, type Transition } from './machine.ts';

export interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Route {
  transition: Transition;
  points: { x: number; y: number }[];
}

/** Where everything of a drawing stands, in CSS pixels. */
export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  routes: Route[];
}

// The module is CommonJS: its class is the default of what Node imports as default.
const Elk = elk.default;

/** @see https://eclipse.dev/elk/reference/options.html */
const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.mergeEdges': 'true',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.padding': '[top=4,left=4,bottom=4,right=4]',
};

const drawn = new Map<string, Promise<Drawing>>();

/** Lays a state machine out, top to bottom; the same one is laid out once. */
export function drawingOf(machine: Machine): Promise<Drawing> {
  const key = JSON.stringify(machine.transitions);
  const known = drawn.get(key) ?? layOut(machine);
  drawn.set(key, known);
  return known;
}

async function layOut({ states, transitions }: Machine): Promise<Drawing> {
  const pins = [begin, end].map(id => ({ id, width: 54, height: 24 }));
  const nodes = states.map(({ name }) => ({
    id: name,
    width: Math.max(128, name.length * 8 + 44),
    height: 38,
  }));
  const graph: ElkNode = await new Elk().layout<ElkNode>({
    id: 'machine',
    layoutOptions: options,
    children: [...pins, ...nodes],
    edges: transitions.map(({ from, to, kind }, index) => ({
      id: String(index),
      sources: [from],
      targets: [to],
      // The way that is usually gone stays straight, and what is caught goes around it.
      layoutOptions: { 'elk.layered.priority.straightness': kind === 'catch' ? '0' : '10' },
    })),
  });
  return {
    width: Math.ceil(graph.width ?? 0),
    height: Math.ceil(graph.height ?? 0),
    boxes: (graph.children ?? []).map(boxOf),
    routes: (graph.edges ?? []).map((edge, index) => ({
      transition: transitions[index] as Transition,
      points: pointsOf(edge),
    })),
  };
}

function boxOf({ id, x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box {
  return { name: id, x, y, width, height };
}

function pointsOf({ sections = [] }: ElkExtendedEdge): Route['points'] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
}

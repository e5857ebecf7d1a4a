import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** GitLab's limits for those who are signed in. */
const most = { complexity: 250, depth: 20 };
/** Items of a connection that is not told how many. */
const page = 100;

interface Level {
  /** What stands in the field, without itself. */
  inside: number;
  /** How often what stands inside counts. */
  readonly factor: number;
}

/** Why GitLab would not carry a valid query out, in its words; undefined for one within its limits. */
export function tooMuch(schema: GraphQLSchema, document: DocumentNode): string | undefined {
  const types = new TypeInfo(schema);
  const levels: Level[] = [{ inside: 0, factor: 1 }];
  let depth = 0;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          levels.push({ inside: 0, factor: 1 + itemsOf(node, getNamedType(types.getType())?.name) / 100 });
          depth = Math.max(depth, levels.length - 1);
        },
        leave() {
          const level = levels.pop();
          const outer = levels.at(-1);
          if (level && outer) outer.inside += 1 + level.inside * level.factor;
        },
      },
    }),
  );
  const complexity = Math.floor(levels[0]?.inside ?? 0);
  if (complexity > most.complexity)
    return `Query has complexity of ${complexity}, which exceeds max complexity of ${most.complexity}`;
  return depth > most.depth
    ? `Query has depth of ${depth}, which exceeds max depth of ${most.depth}`
    : undefined;
}

/** Each item of a connection makes what is asked of it a hundredth dearer. */
function itemsOf(node: SelectionNode, type: string | undefined): number {
  if (node.kind !== Kind.FIELD || !type?.endsWith('Connection')) return 0;
  const size = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  return size?.kind === Kind.INT ? Math.min(Number(size.value), page) : page;
}

import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** graphql-js's messages, as GitLab's graphql-ruby words them, with its `extensions`. */
const words: readonly (readonly [RegExp, (...parts: string[]) => GraphQLFormattedError])[] = [
  [
    /^Cannot query field "([^"]+)" on type "([^"]+)"/,
    (fieldName, typeName) => ({
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
      extensions: { code: 'undefinedField', typeName, fieldName },
    }),
  ],
  [
    /^Unknown argument "([^"]+)" on field "[^"]*?([^".]+)"/,
    (argumentName, name) => ({
      message: `Field '${name}' doesn't accept argument '${argumentName}'`,
      extensions: { code: 'argumentNotAccepted', name, typeName: 'Field', argumentName },
    }),
  ],
  [
    /^Argument "(?:[^"]*\.)?([^".(]+)\(?[^"]*"? of type "([^"]+)" is required/,
    (argument, type) => ({ message: `Argument '${argument}' of type '${type}' is required` }),
  ],
  [
    /^Variable "\$([^"]+)" is not defined/,
    (name) => ({ message: `Variable $${name} is used but not declared` }),
  ],
];

/** An error of a document as GitLab would send it. */
export function inGitLabsWords(error: GraphQLError): GraphQLFormattedError {
  const shown = error.toJSON();
  for (const [pattern, word] of words) {
    const match = pattern.exec(error.message);
    if (match) return { ...shown, ...word(...match.slice(1)) };
  }
  return shown;
}

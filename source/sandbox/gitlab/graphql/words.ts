import type { GraphQLError, GraphQLFormattedError } from 'graphql';

type Word = readonly [RegExp, (...parts: string[]) => GraphQLFormattedError];

/** graphql-js's messages, as GitLab's graphql-ruby words them, with its `extensions`. */
const words: readonly Word[] = [
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
    /^Field "([^"]+)" argument "([^"]+)" of type "[^"]+" is required/,
    (name, missing) => ({
      message: `Field '${name}' is missing required arguments: ${missing}`,
      extensions: { code: 'missingRequiredArguments', className: 'Field', name, arguments: missing },
    }),
  ],
  [
    /^Field "([^"]+)" of type "([^"]+)" must have a selection/,
    (field, type) => ({
      message: `Field must have selections (field '${field}' returns ${type.replace(/[![\]]/g, '')} but has no selections. Did you mean '${field} { ... }'?)`,
      extensions: { code: 'selectionMismatch', nodeName: `field '${field}'`, typeName: type },
    }),
  ],
  [
    /^Field "([^"]+)" must not have a selection since type "([^"]+)"/,
    (field, type) => ({
      message: `Selections can't be made on scalars (field '${field}' returns ${type.replace(/[![\]]/g, '')} but has selections)`,
      extensions: { code: 'selectionMismatch', nodeName: `field '${field}'`, typeName: type },
    }),
  ],
  [
    /^Variable "\$([^"]+)" is not defined(?: by operation "([^"]+)")?/,
    (variableName, operation = 'anonymous query') => ({
      message: `Variable $${variableName} is used by ${operation} but not declared`,
      extensions: { code: 'variableNotDefined', variableName },
    }),
  ],
  [
    /^Variable "\$([^"]+)" is never used(?: in operation "([^"]+)")?/,
    (variableName, operation = 'anonymous query') => ({
      message: `Variable $${variableName} is declared by ${operation} but not used`,
      extensions: { code: 'variableNotUsed', variableName },
    }),
  ],
  [
    /^Variable "\$([^"]+)" of (?:required|non-null) type "([^"]+)" (?:was not provided|must not be null)/,
    (name, type) => invalid(name, type, 'Expected value to not be null'),
  ],
  [/^Syntax Error: .*<EOF>/, () => ({ message: 'Unexpected end of document' })],
];

function invalid(name: string, type: string, explanation: string): GraphQLFormattedError {
  return {
    message: `Variable $${name} of type ${type} was provided invalid value`,
    extensions: { value: null, problems: [{ path: [], explanation }] },
  };
}

/** An error of a document or of its variables as GitLab would send it. */
export function inGitLabsWords(error: GraphQLError): GraphQLFormattedError {
  const shown = error.toJSON();
  for (const [pattern, word] of words) {
    const match = pattern.exec(error.message);
    if (match) return { ...shown, ...word(...match.slice(1)) };
  }
  return shown;
}

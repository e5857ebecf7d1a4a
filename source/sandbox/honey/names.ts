/** Who logs in to honey. */
export const operatorName = 'ops';

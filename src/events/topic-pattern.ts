/** Whether a topic fits a pattern: segments between dots, `*` stands for one segment. */
export const topicMatches = (pattern: string, topic: string): boolean => {
  if (pattern === topic) {
    return true;
  }
  if (!pattern.includes('*')) {
    return false;
  }
  const wanted = pattern.split('.');
  const given = topic.split('.');
  return wanted.length === given.length && wanted.every((segment, i) => segment === '*' || segment === given[i]);
};

/** Answers the harness command by command, and ends with it. */
export const answerParent = (commands) => {
  process.on('message', async ({ do: command, ...rest }) => {
    try {
      process.send(await commands[command](rest));
    } catch (error) {
      process.send({ failed: error.stack });
    }
  });
  process.on('disconnect', () => process.exit(0));
};

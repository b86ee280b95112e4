/** Something failed, or nothing was done because a person said no. */
export const EXIT_FAILED = 1;

/** What the user gave is wrong; nothing was touched. */
export const EXIT_BAD_INPUT = 2;

/** A rollout waits for a person. */
export const EXIT_WAITING = 3;

/** `--detailed-exitcode`: all went well, and there is something to do. */
export const EXIT_HAS_CHANGES = 4;

/** A signal ended it: 128 and the number of SIGINT. */
export const EXIT_INTERRUPTED = 130;

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** A function as Lambda has it: code, entry and configuration. */
export interface FunctionSetup {
  /** Path of the Node to run it on. */
  readonly node: string;
  /** Where its code was unpacked. */
  readonly directory: string;
  /** As `index.handler`. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** The function's own variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** What Lambda, or a test in its place, adds: addresses of the services. */
  readonly surroundings: Readonly<Record<string, string>>;
}

interface Fault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What something took. */
export interface Cost {
  /** By the clock. */
  readonly ms: number;
  /** Of the processors, all threads of the process; says more on a busy machine. */
  readonly cpuMs: number;
}

type Answer =
  | { readonly kind: 'ready'; readonly cost: Cost }
  | { readonly kind: 'answered'; readonly answer: SQSBatchResponse; readonly cost: Cost }
  | ({ readonly kind: 'init-failed' | 'failed' } & Fault);

/** An error that the function itself ended with. */
export class FunctionError extends Error {
  readonly errorType: string;
  readonly trace: readonly string[];

  constructor({ errorType, errorMessage, trace }: Fault) {
    super(`${errorType}: ${errorMessage}`);
    this.errorType = errorType;
    this.trace = trace;
  }
}

/** One execution environment of a function: a process of the deployed code that takes one invocation at a time. Close it. */
export class FunctionProcess {
  /** Loading the code, and what it does before its first invocation. */
  readonly initCost: Cost;
  readonly #child: ChildProcess;
  readonly #setup: FunctionSetup;
  readonly #output: string[];
  #invocations = 0;
  #lastCost: Cost | undefined;

  private constructor(child: ChildProcess, parts: { readonly setup: FunctionSetup; readonly output: string[]; readonly initCost: Cost }) {
    this.#child = child;
    this.#setup = parts.setup;
    this.#output = parts.output;
    this.initCost = parts.initCost;
  }

  /** Starts one; rejects with a {@link FunctionError} where the function cannot start. */
  static async start(setup: FunctionSetup): Promise<FunctionProcess> {
    const output: string[] = [];
    const child = fork(join(__dirname, 'bootstrap.cjs'), [setup.directory, setup.handler], {
      execPath: setup.node,
      execArgv: [],
      cwd: setup.directory,
      env: { ...environmentOf(setup) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk.toString('utf8')));
    const ready = await answerOf(child, 'ready');
    return new FunctionProcess(child, { setup, output, initCost: ready.cost });
  }

  /** What the last invocation took; undefined before the first. */
  get lastCost(): Cost | undefined {
    return this.#lastCost;
  }

  /** One invocation with `remainingMs` left, by default the function's whole timeout. Past that it is killed, as Lambda does. */
  async invoke(event: SQSEvent, remainingMs = this.#setup.timeoutSeconds * 1000): Promise<SQSBatchResponse> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), remainingMs);
    this.#child.send({ kind: 'invocation', event, remainingMs, context: this.#context(), traceHeader: traceHeaderOf(this.#invocations) });
    try {
      const { answer, cost } = await answerOf(this.#child, 'answered');
      this.#lastCost = cost;
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process; gives all that it wrote to its log, line by line. */
  async close(): Promise<readonly string[]> {
    const closed = new Promise((done) => this.#child.once('close', done));
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.send({ kind: 'end' });
      await closed;
    }
    return this.#output
      .join('')
      .split('\n')
      .filter((line) => line !== '');
  }

  #context() {
    this.#invocations += 1;
    const { functionName, functionVersion, memoryMb, variables } = this.#setup;
    return {
      functionName,
      functionVersion,
      invokedFunctionArn: `arn:aws:lambda:${variables.AWS_REGION ?? 'eu-west-1'}:333333333333:function:${functionName}:live`,
      memoryLimitInMB: String(memoryMb),
      awsRequestId: `00000000-0000-4000-8000-${String(this.#invocations).padStart(12, '0')}`,
      logGroupName: `/orders/${functionName}`,
      logStreamName: `2026/03/04/[${functionVersion}]0123456789abcdef`,
    };
  }
}

/** The variables that Lambda sets; https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf(setup: FunctionSetup): Readonly<Record<string, string>> {
  return {
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a-secret-of-tests',
    AWS_SESSION_TOKEN: 'a-session-of-tests',
    AWS_LAMBDA_FUNCTION_NAME: setup.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: setup.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(setup.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    // Powertools and the X-Ray SDK tell by these two that they are in Lambda.
    LAMBDA_TASK_ROOT: setup.directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...setup.surroundings,
    ...setup.variables,
  };
}

function traceHeaderOf(invocation: number): string {
  return `Root=1-67891233-${String(invocation).padStart(24, '0')};Parent=53995c3f42cd8ad8;Sampled=1`;
}

/** What the process says next, which must be `kind`; rejects where it says nothing any more, or that it failed. */
function answerOf<Kind extends 'ready' | 'answered'>(child: ChildProcess, kind: Kind): Promise<Extract<Answer, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(new Error(`the function's process ended (${signal ?? code}) and answered nothing`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      if (answer.kind === 'failed' || answer.kind === 'init-failed') reject(new FunctionError(answer));
      else if (answer.kind === kind) resolve(answer as Extract<Answer, { kind: Kind }>);
      else reject(new Error(`the function's process said ${answer.kind} where ${kind} was due`));
    });
  });
}

// As mutation-core, for what turns plans, records and readings into what the core is told.
import '../gates/count-orders.test';
import '../gates/judge-gate.test';
import '../gates/red-times.test';
import './core-setup.test';
import './gate-question.test';
import './target-job.test';
import './target-result.test';

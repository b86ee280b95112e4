// What a mutant of the core is run against, as one file: its modules are loaded once for each mutant and not once for each table.
import './advance-wave.test';
import './approve.test';
import './bake-deadline.test';
import './decide.test';
import './roll-back.test';
import './start-targets.test';
import './take-event.test';
import './waiting.test';
import './watch-traffic.test';
import './windows.test';

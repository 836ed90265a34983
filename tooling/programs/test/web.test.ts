// net-test: limit 600 s
import { testGroup } from './group.ts';

testGroup('web');

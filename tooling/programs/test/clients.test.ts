// net-test: limit 300 s
import { testGroup } from './group.ts';

testGroup('clients');

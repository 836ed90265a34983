import { suite } from 'uvu';
suite('Empty').run();

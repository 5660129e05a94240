import { gunzipSync } from 'node:zlib';

/**
 * A transport stream of MPEG-2 video: a second each of red, green, blue and yellow, 10 frames a second,
 * with keyframes at 0, 1.2, 2.1 and 3 s. It begins at 1.5 s of its clock. Made by FFmpeg 5.1:
 * `-g 25 -c:v mpeg2video -bf 2` of four `color=…:s=16x16:d=1:r=10`.
 */
export const transportStream = (): Buffer => gunzipSync(Buffer.from(PACKED, 'base64'));

const PACKED =
  'H4sIAAAAAAACA9WZXUiTURjHz3nVdJq4s02WidnIIL1x8zNt5malggWOqLwQRGpoQTSjD6GQWd1kkgmGRaIZCEFFWl' +
  'lCF2vgRQmRilBEkasuvPBiS0hL4+08Ry/C3h3oInm2i+1lu9jv/Pd/n/0Op8LB9KQsuJVQPyEqVQld8poqDXRdeflx' +
  'j7tBt9998szRw26r7ez5XWMqrkeFg+gJGUwU7IQGSdZQ9CM1Mh4V1ZxdGTQI9gAJEgWeeq9smYgAdiexNlYTcm59C/' +
  'nvX8Z/2GlCvC/ibUS3aYiR2Hf1/K3HlOiNqjoNv/uwqY1QksGvRkgccfBXQpLUBfikQ51zevkFNX4zDWTf9Hm8nN3W' +
  'zlvTfnsN2P91faF+BosUK3irLgL5cGv6yhIMHs6e08nZe/OQsP+5AG+MhejcVLDXqYsjgp0Zl9lTmzl7LrA/fImV/Z' +
  '5LsPetZt9Yw9nzoDP+WnydSRjtZFAcYKfdmp3Jh9wng0hzTygMCfb0v3If5OwFwP71Elb2Fqdgr9NkL4TOfN+ArzOJ' +
  '3a0MigPsyiHNzmznudPY+0hzT4wPiNw/aeZeBOwpDqzsLpvIXavvDsIi2GdYBPtMMfcZmjW1tj6TdKyJwc0o85kYIv' +
  '6VOlb7zMxkly/fZwGf2QF9tzdi7fvHCbEC7fluB/Z9S0jZkzIs2j4j2Ev4fKd11/DNd1ZSz6BcYkZqz/edkHtTBtbc' +
  'B/0id+35XgrsF0awss8zic9YoTNde/F1xqh3MSiO+G8ya3bGBrkPTCPNnV0U+ybap5k77Jvos1NY2cdoWJ9xEEMEO4' +
  'Ehgp0gF5zgVdzaOoHxi5PBzShzAp1X2wl+7Mmsmk94DU6QB31/34O078aD/WGcoGZlv0pnrVjZe0ISJyiA+f5rFN98' +
  'T35qY1AuiRMU8tyVpBqkuSdndkqcAParyuZZrOwnAhInKOKdUXK8+DpjvmxhUByJExRD7rtNWHNfapU4AeyblAN3kb' +
  'KbyyYkTmCMYCcwRrAT2LkTKA32tXWClFrG4GaUOYEljBP8vJ5ZFVycBCcogb43j2Pt+5smiRPAflVpO4KUPSXZH8YJ' +
  'gL0U5vutBXzzPTWbMiiXxAmskPuDdqy536mXOAHsVxXfZqzsM0MSJ8iBzow/wdeZNBpiUByJE8A5n/K5EmnuqaddEi' +
  'eAfZMy9wEr+/N+yblHPu9MVIwHYWemAgyKIzqjfa4N53xR5mikuadVin2TEuacD9i33cDKfnX5nE+j778BugwEyvwj' +
  'AAA=';

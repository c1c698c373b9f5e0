// Written by tools/generate-unicode-tables.py from Unicode 14.0.0. Numbers are base 36. Do not edit.

/** The Unicode version of every table here, whatever the runtime's own is. */
export const UNICODE_VERSION = '14.0.0';

/** Dropped by the reference's clean-up: NUL, U+FFFD and the categories Cc and Cf. Pairs `gap length`. */
export const REMOVED = `
0 9 2 2 1 i 2n x d 1 11u 6 m 1 5c 1 1d 1 ao 2 28 1 2zv 1 1ks 5 q 5 1d 5 1 a 17yn 1 6x 3 1 1 3b3 1 f 1 6zm 9 qxz 4 43z 8 h406 1 u 2o
`;

/** What separates words: Zs, tab, line feed, carriage return, U+2028, U+2029. Pairs `gap length`. */
export const SPACES = `
9 2 2 1 i 1 3j 1 4bj 1 1vj b t 2 5 1 1b 1 334 1
`;

/** A token of its own: the categories P* and ASCII's symbols. Pairs `gap length`. */
export const PUNCTUATION = `
x f a 7 q 6 q 4 y 1 5 1 3 1 a 2 3 1 3 1 ji 1 8 1 cy 6 15 2 1f 1 1 1 2 1 2 1 18 2 k 2 1 2 d 1 1 3 22 4 2u 1 17 e 6h 3 1i f v 1 79 2 a 1 3w
1 3c 1 3d 1 au 1 c 1 a7 1 2i 1 a 2 4o f 1 1 11 4 1z 1 22 5 4 2 33 6 4r 1 h0 9 47 1 h9 1 18 2 26 3 1z 2 4d 3 1 3 11 b 8p 2 60 2 3k 7 1 6 4s
7 s 2 3h 4 1n 5 1q 2 1s 8 b 1 n0 o 8 k 1 d 1 c u 2 e 2 hl 4 t 2 u5 e 27 2 v a b7 m 1r 4 w 2 l7 4 1 2 34 1 3z 1b 1 w 2 c bn 3 4 a 2 c g 1 c
1 2q 1 2i 1 mwy 2 7h 3 2r 1 a 1 37 6 ak 4 2e 2 14 3 1 1 1d 2 1b 1 2p d g 2 3g 4 3i 2 g 2 6x 1 g2a 2 5s a m z 1 e 1 1 4 1 1 2 45 3 1 6 1 4
a 2 3 2 q 3 1 1 r 1 1 1 1 7 be 3 ik 1 1c 1 bi 1 kn 1 5j 1 v 1 7k 9 12 1 34 7 1u 7 2h 4 ls 1 4n 5 18 4 59 7 31 2 1 4 3i 4 1c 2 27 4 4 1 d 1
1 3 2g 6 2z 1 bl 5 a 2 1 1 2w 1 6y n 2x 3 s d 24 1 3m 3 70 1 7c 3 4b 1 2k 8 2b 3 1 5 bi 5 16 2 hx 2 7a 1 vk 5 29o 2 bjv 2 3p 1 1t 5 8 1 nm
4 93 1 f5o 1 5wn 5 2xe 2
`;

/** Category Mn: dropped where accents are stripped. Pairs `gap length`. */
export const NONSPACING = `
lc 34 7n 5 7d 19 1 1 1 2 1 2 1 1 20 b 1c l g 1 2t 7 2 6 2 2 1 4 z 1 u r 2j b 1m 9 9 1 o 4 1 9 1 3 1 5 17 3 1o 8 16 o 1 w 1j 1 1 1 4 8 4 1
3 7 a 2 t 1 1m 1 4 4 8 1 k 2 q 1 2 2 1l 1 4 2 4 2 2 3 3 1 u 2 3 1 b 2 1l 1 4 5 1 2 4 1 k 2 m 6 1 1 1m 1 2 1 1 4 8 1 7 2 b 2 u 1 1p 1 c 1
1e 1 3 1 1j 1 1 3 5 3 1 4 7 2 b 2 t 1 1m 1 2 1 6 1 5 2 k 2 s 2 1l 2 4 4 8 1 k 2 t 1 20 1 7 3 1 1 2i 1 2 7 c 8 2q 1 2 9 b 6 22 2 r 1 1 1 1
1 1j e 1 5 1 2 5 b 1 10 9 1 2u 4 1 6 1 2 2 2 p 2 4 3 g 4 d 1 2 2 6 1 f 1 jj 3 qa 3 t 2 u 2 u 2 1s 2 1 7 8 1 2 b 9 1 19 3 1 1 39 2 y 1 3a 3
4 2 9 1 6 3 63 2 2 1 1m 1 1 7 1 1 1 1 2 8 6 a 2 1 1c e 1 g 1d 4 1c 1 1 5 1 1 5 1 14 9 c 2 w 4 2 2 1 3 1k 1 1 2 3 1 1 3 1m 8 2 2 48 3 1 d 1
7 4 1 6 1 3 2 5i 1s k0 d 4 1 3 c 2da 3 3x 1 2o w fe 4 2z 2 n9w 1 4 a w 2 28 2 7k 1 3 1 4 1 p 2 5 1 47 2 q i d 1 12 8 p b 1a 3 1c 1 2 4 2 2
13 1 1v 6 2 2 2 2 c 1 8 1 1b 1 1f 1 1 3 2 2 5 2 1 1 16 2 8 1 6m 1 2 1 4 1 fn4 1 kh g g g r1 1 6a 1 45 5 1ae 3 1 2 5 4 14 3 4 1 4l 2 fx 4
ar 2 49 b 1d 4 3f 1 1i f 15 1 2 2 a 3 1d 4 2 2 7 1 1p 3 10 5 1 8 1q 1 c 2 1g 9 a 4 2 1 2n 3 2 1 1 2 6 1 4g 1 3 8 l 2 1l 2 3 1 11 7 3 5 5f
8 2 3 1 1 n 1 2c 6 1 1 4 2 1 2 6m 4 6 2 1 2 r 2 2d 8 2 1 1 2 2y 1 1 1 2 6 1 1 2t 3 2 4 1 5 77 9 1 2 74 2 1 1 4 1 40 4 2 2 4 1 w a 14 6 2 4
8 1 9 6 2 3 1a d 1 2 ba 7 1 6 1 1 2a m 2 7 1 2 1 2 3e 6 3 1 1 2 1 7 1 1 20 2 3 1 1 1 9n 2 f0b 5 1n 7 t4 1 1r 4 29 1 f5k 2 3mp 1a 2 n f4 3
h 8 2 7 u 4 44 3 1iz 1j 4 1e 8 1 e 1 m 5 1 f 11s 7 1 h 2 7 1 2 1 5 79 7 af 1 1p 4 15s 7 31 7 gzhx 6o
`;

/** Those of category Mn that stop canonical reordering. Pairs `gap length`. */
export const NONSPACING_STARTERS = `
nj 1 uu b 9b 3 1j 1 6 8 c 3 a 2 t 1 1r 4 t 2 t 2 1q 2 4 2 2 2 4 1 u 2 3 1 b 2 1q 5 1 2 p 2 m 6 1 1 1p 1 1 4 g 2 b 2 u 1 1p 1 1r 1 3 1 1l 3
5 3 1 3 l 2 t 1 1p 1 6 1 5 1 l 2 s 2 1r 4 t 2 t 1 28 3 1 1 2i 1 2 4 f 1 4 3 2q 1 2 4 3 2 f 2 4o 4 4 1 e b 1 10 34 4 1 5 6 2 p 2 4 3 g 4 d
1 2 2 m 1 19w 2 u 2 u 2 u 2 1s 2 1 7 8 1 2 9 1 1 1j 3 1 1 39 2 49 3 4 2 9 1 6g 1 1m 1 1 7 3 1 2 8 6 2 3v 4 1e 5 1 1 5 1 1p 2 w 4 2 2 2 2
1m 2 3 1 1 3 1m 8 2 1 rm3 1 8 1 p 2 4e 1 1l 1 12 5 s b 1a 3 1f 4 2 2 13 1 1v 6 2 2 2 2 c 1 8 1 1b 1 33 2 6v 1 2 1 g7r g 2cx 3 1 2 5 1 1 1
16a 1 1i e 19 2 b 2 1d 4 b 1 2s 5 1 6 25 2 1g 9 a 1 1 2 2 1 2n 3 2 1 2 1 6 1 4g 1 3 6 n 2 1q 1 6v 8 3 2 32 6 1 1 4 2 6p 4 6 2 u 2 2d 8 2 1
2 1 2y 1 1 1 2 6 2v 3 2 4 1 4 78 9 77 2 47 4 2 2 11 a 14 1 1 4 2 4 i 6 2 3 1a d 1 1 bb 7 1 6 2c m 2 7 1 2 1 2 3e 6 3 1 1 2 1 3 1 1 3 1 20
2 3 1 9p 2 fve 1 1r 4 29 1 f5k 1 3mq 1a 2 n 249 1j 4 1e 8 1 e 1 m 5 1 f h2ds 6o
`;

/** Marks outside Mn with a canonical combining class. Pairs `gap class`. */
export const REORDERED = `
4k5 9 u 9 sv 9 2t 9 1z 9 0 9 3zu 68 0 68 nxf 9 30 9 kjj 9 38 9 7r 9 o8 9 hy 9 h4i 6 0 6 j8z 60 0 60 6 6a 0 60 0 60 0 60 0 60 0 60
`;

/** Lower case, U+0130 and final sigma aside. Quadruples `gap count step difference`. */
export const LOWER = `
1t q 1 w 2t n 1 w 1 7 1 w x o 2 1 3 3 2 1 2 8 2 1 2 n 2 1 1 1 1 -3d 0 3 2 1 3 1 1 5u 0 2 2 1 1 1 1 5q 0 1 1 1 1 2 1 5p 0 1 1 1 2 1 1 27 0
1 1 5m 0 1 1 5n 0 1 1 1 1 1 1 5p 0 1 1 5r 1 1 1 5v 0 1 1 5t 0 1 1 1 3 1 1 5v 0 1 1 5x 1 1 1 5y 0 3 2 1 1 1 1 62 0 1 1 1 1 1 1 62 2 1 1 1 1
1 1 62 0 1 1 1 1 2 1 61 0 2 2 1 1 1 1 63 0 1 1 1 3 1 1 1 7 1 1 2 0 1 1 1 1 1 1 2 0 1 1 1 1 1 1 2 0 9 2 1 2 9 2 1 2 1 1 2 0 2 2 1 1 1 1 -2p
0 1 1 -1k 0 k 2 1 1 1 1 -3m 1 9 2 1 7 1 1 8bv 0 1 1 1 1 1 1 -4j 0 1 1 8bs 2 1 1 1 1 1 1 -5f 0 1 1 1x 0 1 1 1z 0 5 2 1 81 2 2 1 3 1 1 1 8 1
1 38 6 1 1 12 1 3 1 11 1 1 1 1s 1 2 1 1r 1 h 1 w 1 9 1 w z 1 1 8 8 c 2 1 5 1 1 -1o 2 1 1 1 1 1 1 -7 0 1 1 1 2 3 1 -3m 0 g 1 28 0 w 1 w 1c
h 2 1 9 r 2 1 1 1 1 f 0 7 2 1 2 1c 2 1 2 12 1 1c 289 12 1 5ls 1 1 1 5ls 5 1 1 5ls k2 28 1 tzk 0 6 1 8 1p6 17 1 -2bk 2 3 1 -2bk 8w 23 2 1 9
1 1 -5vj 1 1c 2 1 9 8 1 -8 8 6 1 -8 a 8 1 -8 8 8 1 -8 8 6 1 -8 b 4 2 -8 8 8 1 -8 o 8 1 -8 8 8 1 -8 8 8 1 -8 8 2 1 -8 0 2 1 -22 0 1 1 -9 b
4 1 -2e 0 1 1 -9 b 2 1 -8 0 2 1 -2s c 2 1 -8 0 2 1 -34 0 1 1 -7 b 2 1 -3k 0 2 1 -3i 0 1 1 -9 89 1 1 -5st 3 1 1 -6gv 0 1 1 -6di 6 1 1 s 19
g 1 g j 1 1 1 mq q 1 q 1f4 1c 1 1c 1c 1 1 1 1 1 1 -8af 0 1 1 -2xy 0 1 1 -89z 2 3 2 1 1 1 1 -8bg 0 1 1 -8al 0 1 1 -8bj 0 1 1 -8bi 1 1 1 1 2
1 1 1 8 2 1 -8cf 0 1e 2 1 8 2 2 1 4 1 1 1 nyl n 2 1 j e 2 1 3r 7 2 1 3 v 2 1 a 2 2 1 1 1 1 -r9g 0 5 2 1 4 1 1 1 1 1 1 -wmg 2 2 2 1 3 a 2 1
1 1 1 -wn8 0 1 1 -wnj 0 1 1 -wnf 0 1 1 -wn5 0 1 1 -wn8 1 1 1 -wlu 0 1 1 -wmi 0 1 1 -wlx 0 1 1 ps 0 8 2 1 1 1 1 -1c 0 1 1 -wn7 0 1 1 -raw 0
2 2 1 6 1 1 1 5 2 2 1 s 1 1 1 h7v q 1 w xx 14 1 14 3s 10 1 14 4c b 1 13 1 f 1 13 1 7 1 13 1 2 1 13 1d6 1f 1 1s 2ct w 1 w gw0 w 1 w o80 y 1
y
`;

/** Canonical decomposition without nonspacing marks, Hangul aside. Entries `gap.target…`. */
export const DECOMPOSITIONS = `
5c.1t 0.1t 0.1t 0.1t 0.1t 0.1t 1.1v 0.1x 0.1x 0.1x 0.1x 0.21 0.21 0.21 0.21 1.26 0.27 0.27 0.27 0.27 0.27 2.2d 0.2d 0.2d 0.2d 0.2h 2.2p
0.2p 0.2p 0.2p 0.2p 0.2p 1.2r 0.2t 0.2t 0.2t 0.2t 0.2x 0.2x 0.2x 0.2x 1.32 0.33 0.33 0.33 0.33 0.33 2.39 0.39 0.39 0.39 0.3d 1.3d 0.1t
0.2p 0.1t 0.2p 0.1t 0.2p 0.1v 0.2r 0.1v 0.2r 0.1v 0.2r 0.1v 0.2r 0.1w 0.2s 2.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.1z 0.2v
0.1z 0.2v 0.1z 0.2v 0.1z 0.2v 0.20 0.2w 2.21 0.2x 0.21 0.2x 0.21 0.2x 0.21 0.2x 0.21 3.22 0.2y 0.23 0.2z 1.24 0.30 0.24 0.30 0.24 0.30
4.26 0.32 0.26 0.32 0.26 0.32 3.27 0.33 0.27 0.33 0.27 0.33 2.2a 0.36 0.2a 0.36 0.2a 0.36 0.2b 0.37 0.2b 0.37 0.2b 0.37 0.2b 0.37 0.2c
0.38 0.2c 0.38 2.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2f 0.3b 0.2h 0.3d 0.2h 0.2i 0.3e 0.2i 0.3e 0.2i 0.3e x.27
0.33 d.2d 0.39 s.1t 0.2p 0.21 0.2x 0.27 0.33 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 1.1t 0.2p 0.1t 0.2p 0.5i 0.6e 2.1z 0.2v
0.23 0.2z 0.27 0.33 0.27 0.33 0.c7 0.ia 0.2y 3.1z 0.2v 2.26 0.32 0.1t 0.2p 0.5i 0.6e 0.60 0.6w 0.1t 0.2p 0.1t 0.2p 0.1x 0.2t 0.1x 0.2t
0.21 0.2x 0.21 0.2x 0.27 0.33 0.27 0.33 0.2a 0.36 0.2a 0.36 0.2d 0.39 0.2d 0.39 0.2b 0.37 0.2c 0.38 2.20 0.2w 6.1t 0.2p 0.1x 0.2t 0.27
0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.2h 0.3d 8w.jd 9.1n 6.4o 0.pd 0.53 0.ph 0.pj 0.pl 1.pr 1.px 0.q1 0.qh p.pl 0.px 0.q9 0.qd 0.qf 0.qh
0.qt p.qh 0.qt 0.qn 0.qt 0.qx 4.r6 0.r6 17.t1 0.t1 1.sz 3.sm 4.t6 0.t4 0.tf a.t4 v.u0 m.tx 0.tx 1.tv 3.uu 4.u2 0.u0 0.ub n.vo 0.vp 21.t2
0.ty d.sw 0.ts 0.sw 0.ts 2.t1 0.tx 2.yg 0.yh 0.t2 0.ty 0.t3 0.tz 2.t4 0.u0 0.t4 0.u0 0.ta 0.u6 2.yw 0.yx 0.tp 0.ul 0.tf 0.ub 0.tf 0.ub
0.tf 0.ub 0.tj 0.uf 2.tn 0.uj 88.17r 0.17r 0.18o 0.17r 0.18q 49.1cl 1.1c1 g.1ci gl.1t4 7.1tc 2.1tf z.1sl 0.1sm 0.1sn 0.1ss 0.1sx 0.1sy
0.1t7 0.1tb 2z.1xj.1xa 0.1xj.1xz f.1wh 0.1wi 1.1wv 2b.20i 2.20o y.1zq 0.1zr 0.1zw 2.20b 6h.287 2.287.27y 0.287.28n f.275 0.276 1i.2aa.2c7
1h.2bq.2bi 0.2br.2bi 0.2bq.2c7 6r.2j9 6.2j9 0.2ja 1.2iq 0.2iq.2j9 3i.2me.2m6 0.2mf.2m6 0.2me.2mv 3x.2qh 1.2qh.2q7 0.2qh.2q7 0.2qh.2qn
9w.30i 9.30s 4.30x 4.312 4.317 c.30g 58.36t 25b.5c5.5dh 1.5c7.5dh 1.5c9.5dh 1.5cb.5dh 1.5cd.5dh 3.5ch.5dh 14.5dh 1.5dh 2.5dq.5dh 0.5dr.5dh
1.5dh jg.1t 0.2p 0.1u 0.2q 0.1u 0.2q 0.1u 0.2q 0.1v 0.2r 0.1w 0.2s 0.1w 0.2s 0.1w 0.2s 0.1w 0.2s 0.1w 0.2s 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t
0.1x 0.2t 0.1x 0.2t 0.1y 0.2u 0.1z 0.2v 0.20 0.2w 0.20 0.2w 0.20 0.2w 0.20 0.2w 0.20 0.2w 0.21 0.2x 0.21 0.2x 0.23 0.2z 0.23 0.2z 0.23
0.2z 0.24 0.30 0.24 0.30 0.24 0.30 0.24 0.30 0.25 0.31 0.25 0.31 0.25 0.31 0.26 0.32 0.26 0.32 0.26 0.32 0.26 0.32 0.27 0.33 0.27 0.33
0.27 0.33 0.27 0.33 0.28 0.34 0.28 0.34 0.2a 0.36 0.2a 0.36 0.2a 0.36 0.2a 0.36 0.2b 0.37 0.2b 0.37 0.2b 0.37 0.2b 0.37 0.2b 0.37 0.2c
0.38 0.2c 0.38 0.2c 0.38 0.2c 0.38 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2e 0.3a 0.2e 0.3a 0.2f 0.3b 0.2f 0.3b 0.2f 0.3b
0.2f 0.3b 0.2f 0.3b 0.2g 0.3c 0.2g 0.3c 0.2h 0.3d 0.2i 0.3e 0.2i 0.3e 0.2i 0.3e 0.2w 0.38 0.3b 0.3d 1.an 4.1t 0.2p 0.1t 0.2p 0.1t 0.2p
0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1t 0.2p 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.1x
0.2t 0.1x 0.2t 0.1x 0.2t 0.1x 0.2t 0.21 0.2x 0.21 0.2x 0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33
0.27 0.33 0.27 0.33 0.27 0.33 0.27 0.33 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2d 0.39 0.2h 0.3d 0.2h 0.3d 0.2h
0.3d 0.2h 0.3d 6.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.qd 0.qd 0.qd 0.qd 0.qd 0.qd 2.ph 0.ph
0.ph 0.ph 0.ph 0.ph 2.qf 0.qf 0.qf 0.qf 0.qf 0.qf 0.qf 0.qf 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.qh 0.qh 0.qh 0.qh 0.qh 0.qh 0.qh
0.qh 0.pl 0.pl 0.pl 0.pl 0.pl 0.pl 0.pl 0.pl 0.qn 0.qn 0.qn 0.qn 0.qn 0.qn 2.pr 0.pr 0.pr 0.pr 0.pr 0.pr 2.qt 0.qt 0.qt 0.qt 0.qt 0.qt
0.qt 0.qt 1.px 1.px 1.px 1.px 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.q1 0.q1 0.q1 0.q1 0.q1 0.q1 0.q1 0.q1 0.q9 0.q9 0.qd 0.qd 0.qf
0.qf 0.qh 0.qh 0.qn 0.qn 0.qt 0.qt 0.qx 0.qx 2.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.q9 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.pd 0.qf 0.qf
0.qf 0.qf 0.qf 0.qf 0.qf 0.qf 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.pj 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.qx 0.q1 0.q1 0.q1 0.q1 0.q1
0.q1 0.q1 0.q1 0.q9 0.q9 0.q9 0.q9 0.q9 1.q9 0.q9 0.pd 0.pd 0.pd 0.pd 0.pd 1.qh 2.4o 0.qf 0.qf 0.qf 1.qf 0.qf 0.ph 0.ph 0.pj 0.pj 0.pj
0.69r 0.69r 0.69r 0.qh 0.qh 0.qh 0.qh 2.qh 0.qh 0.pl 0.pl 0.pl 0.pl 1.6bi 0.6bi 0.6bi 0.qt 0.qt 0.qt 0.qt 0.qp 0.qp 0.qt 0.qt 0.px 0.px
0.px 0.px 0.pt 0.4o 0.4o 0.2o 2.qx 0.qx 0.qx 1.qx 0.qx 0.pr 0.pr 0.q1 0.q1 0.q1 0.50 2.6bm 0.6bn 84.q1 3.23 0.1t 32.6mo 0.6mq i.6ms u.6og
0.6ok 0.6oi 1g.6pv 4.6q0 2.6q3 n.6qr 1.6qt q.6rg 2.6rn 2.6rp 1.6rs m.1p 1.6sh a.6rx 0.1o 0.1q 0.6sk 0.6sl 2.6sy 0.6sz 2.6t2 0.6t3 6.6t6
0.6t7 2.6te 0.6tf 2.6ti 0.6tj y.6ua 0.6ug 0.6uh 0.6uj 1c.6t8 0.6t9 0.6tt 0.6tu 6.6uq 0.6ur 0.6us 0.6ut 1n.9hk 0.9hl 1ip.8gt 12n.9jf 1.9jh
1.9jj 1.9jl 1.9jn 1.9jp 1.9jr 1.9jt 1.9jv 1.9jx 1.9jz 1.9k1 2.9k4 1.9k6 1.9k8 6.9kf 0.9kf 1.9ki 0.9ki 1.9kl 0.9kl 1.9ko 0.9ko 1.9kr 0.9kr
m.9ja 9.9lp d.9m3 1.9m5 1.9m7 1.9m9 1.9mb 1.9md 1.9mf 1.9mh 1.9mj 1.9ml 1.9mn 1.9mp 2.9ms 1.9mu 1.9mw 6.9n3 0.9n3 1.9n6 0.9n6 1.9n9 0.9n9
1.9nc 0.9nc 1.9nf 0.9nf m.9ly 2.9nz 0.9o0 0.9o1 0.9o2 3.9od 13i9.rpk 0.kc4 0.s7e 0.rt4 0.lw1 0.fg2 0.gkl 0.vj0 0.vj0 0.hn5 0.ssx 0.gw7
0.hmw 0.jcm 0.ne1 0.p6t 0.qin 0.qt6 0.r20 0.sjz 0.kxu 0.ljv 0.mah 0.mvy 0.q4d 0.sq2 0.uep 0.fia 0.ghh 0.l50 0.mjf 0.qi5 0.v8e 0.ifk 0.m3v
0.qfh 0.r50 0.jih 0.pnc 0.qvz 0.iq2 0.kd3 0.lm2 0.mpo 0.slq 0.fpi 0.g53 0.gda 0.jwk 0.l3n 0.mj4 0.nhj 0.pa9 0.qh2 0.qjg 0.s1b 0.tv6 0.upb
0.v7e 0.nt8 0.nzz 0.otc 0.q15 0.t1g 0.vb3 0.rfa 0.hjz 0.iro 0.okg 0.pdq 0.mle 0.nuy 0.rsy 0.ttj 0.hjs 0.i8y 0.kyb 0.lp6 0.lxr 0.oq7 0.oxj
0.tor 0.gcy 0.pe3 0.g64 0.g5o 0.o4c 0.ou6 0.q29 0.tpx 0.rk0 0.jin 0.kxu 0.rge 0.fg9 0.i5j 0.iz6 0.mtj 0.n74 0.gev 0.nwb 0.fr3 0.iw9 0.ff1
0.lho 0.k1k 0.opu 0.gjn 0.hge 0.ni9 0.q4p 0.re2 0.la2 0.sds 0.lfs 0.jjy 0.put 0.jog 0.n6t 0.fji 0.g2x 0.g5l 0.kn5 0.oo7 0.prj 0.rf6 0.ssv
0.gdx 0.gn6 0.ho3 0.ir0 0.k3p 0.m4e 0.nxm 0.tkd 0.ui2 0.vbr 0.vda 0.gbf 0.kau 0.l87 0.sbm 0.ino 0.j9s 0.jcw 0.jve 0.lyb 0.mdl 0.n0p 0.o22
0.ovo 0.pdb 0.s9y 0.q9a 0.sgz 0.t3e 0.g7r 0.gbn 0.gql 0.ma0 0.r0i 0.re2 0.iq1 0.iyd 0.jnf 0.l9q 0.oji 0.mt1 0.fl0 0.h6h 0.i5j 0.iii 0.izg
0.muq 0.mzt 0.p7e 0.pc6 0.svo 0.tti 0.tvs 0.u1k 0.fpn 0.o1a 0.ss4 0.trs 0.j4x 0.fie 0.fyy 0.i5q 0.i7z 0.k2h 0.kxu 0.mha 0.ncy 0.q9o 0.sjg
0.vil 0.k94 0.tny 0.gax 0.kfv 0.kj7 0.lkx 0.luk 0.mx5 0.n6h 0.nsb 0.opc 0.u3i 0.g31 0.je6 0.tq0 0.fu3 0.ie1 0.lpm 0.sa2 0.ivf 0.j7o 0.kk7
0.mtj 0.tqe 0.g89 0.glr 0.i91 0.k5v 0.kem 0.ko8 0.lid 0.mx2 0.naa 0.p6h 0.r0v 0.r1d 0.sss 0.tsy 0.gfz 0.lve 0.gm5 0.mhc 0.n14 0.qgq 0.tr7
0.uvr 0.vbz 0.kgn 0.lor 0.pns 0.o97 0.obk 0.olu 0.mo0 0.m8p 0.riw 0.fk0 0.px2 0.g8q 0.g7b 0.ip2 0.jir 0.onq 0.i2t 0.ljy 0.kac 0.saj 0.qx8
0.tot 0.r63 0.iqb 0.g1s 0.gxs 2.hga 1.k8k 2.g66 0.mqy 0.ngq 0.ny4 0.nz2 0.nz9 0.o0f 0.tw6 0.on2 0.p8d 1.qhe 1.rg8 2.shk 0.sn1 3.u7j 0.u7w
0.u94 0.v5g 0.sm6 0.trr 0.fqm 0.fzb 0.g25 0.gcp 0.gdg 0.ggh 0.gwt 0.gzq 0.h2g 0.hfk 0.hig 0.i90 0.i9a 0.j2s 0.j8o 0.j9q 0.jci 0.k0f 0.k4i
0.k9d 0.kn9 0.lmf 0.lqy 0.lya 0.mem 0.mjv 0.mxu 0.ntd 0.ny6 0.nyh 0.nyg 0.nyo 0.nyu 0.nz1 0.o0d 0.o0e 0.o5c 0.o75 0.og0 0.ovo 0.ow9 0.oxt
0.p6a 0.pad 0.pnx 0.prt 0.prt 0.q53 0.r2o 0.r6e 0.rgh 0.ri1 0.rtf 0.ruw 0.sdy 0.shk 0.tsz 0.u0v 0.u2j 0.j1x 0.36cu 0.pp4 2.ffq 0.g51 0.g2w
0.fpc 0.g1x 0.g3k 0.gcn 0.ge2 0.gwt 0.gut 0.gwp 0.gyq 0.hga 0.hir 0.hms 0.hn8 0.huq 0.i08 0.iqa 0.iqh 0.iuh 0.iwd 0.j4o 0.j7y 0.j60 0.j9q
0.j8g 0.jci 0.jec 0.jpg 0.jrw 0.jte 0.k0m 0.k8k 0.kd3 0.kd7 0.keu 0.l89 0.la2 0.lkx 0.lwb 0.lvv 0.lya 0.m5a 0.mem 0.nmv 0.mk5 0.mnj 0.mqy
0.n01 0.n46 0.n5n 0.nbx 0.nbz 0.ngq 0.nh7 0.nhw 0.nka 0.nk0 0.nv0 0.o8h 0.og0 0.ol7 0.orf 0.ovo 0.p4u 0.pad 0.pxu 0.q27 0.qrd 0.r41 0.r5y
0.r6e 0.ren 0.rg8 0.rez 0.rgh 0.rge 0.rfx 0.ri1 0.rka 0.ruw 0.sag 0.sj6 0.srd 0.sxi 0.tq4 0.tsz 0.tw6 0.tzv 0.u0v 0.u17 0.u2j 0.umq 0.vj0
0.313e 0.3138 0.33dh 0.brx 0.cns 0.cop 0.39e1 0.3bgw 0.3i6r 0.vgj 0.vim 1v.15l 1.16a a.161 0.161 0.161 0.161 0.15c 0.15c 0.15c 0.15d 0.15e
0.15f 0.15g 0.15h 0.15i 1.15k 0.15l 0.15m 0.15n 0.15o 1.15q 1.15s 0.15t 1.15v 0.15w 1.15y 0.15z 0.160 0.161 0.162 0.15h 0.15d 0.15n 0.15w
47f.1huh 1.1huj e.1hut in.1idj.1ida 0.1idj.1idz a6.1int 0.1int.1ink 1.1int.1inx 6z.1iuw.1iun 0.1iux.1iun os.1jjp.1jjk 10dh.2jx3.2jxh
0.2jx4.2jxh 0.2jx4.2jxh.2jxq 0.2jx4.2jxh.2jxr 0.2jx4.2jxh.2jxs 0.2jx4.2jxh.2jxt 0.2jx4.2jxh.2jxu 2e.2jzt.2jxh 0.2jzu.2jxh 0.2jzt.2jxh.2jxq
0.2jzu.2jxh.2jxq 0.2jzt.2jxh.2jxr 0.2jzu.2jxh.2jxr 1m4f.fgd 0.fg8 0.fgh 0.2tcy 0.fog 0.fqm 0.fqz 0.fsy 0.fwa 0.fx5 0.fzb 0.fyn 0.ae6
0.2ud6 0.g25 0.g2c 0.g2s 0.g3b 0.2u58 0.aex 0.g2v 0.g3x 0.2u6j 0.g47 0.g4k 0.fkc 0.g4s 0.g51 0.3ly7 0.g6t 0.g77 0.afz 0.g8r 0.g92 0.gaa
0.gaf 0.ahh 0.gcn 0.gcp 0.gdg 0.ge2 0.ged 0.gee 0.gev 0.gg9 0.ggh 0.ggq 0.ghf 0.ghp 0.ghr 0.ghr 0.ghr 0.2v58 0.m7k 0.gju 0.gkf 0.2vdv
0.gkr 0.gkx 0.gli 0.gpq 0.gmw 0.gnc 0.go8 0.gpu 0.gs6 0.gsw 0.gur 0.gv7 0.gw4 0.gw4 0.gwp 0.gx7 0.gxf 0.gxu 0.h7a 0.gzq 0.h7b 0.h1t 0.h2s
0.g7b 0.hke 0.hce 0.hdg 0.he5 0.haj 0.hf6 0.hf5 0.hik 0.2x9g 0.hki 0.hkn 0.hl2 0.hlm 0.hlu 0.hnm 0.2xm0 0.2xnu 0.hrg 0.hsr 0.ht3 0.hqw
0.huu 0.aum 0.av0 0.hzc 0.i0u 0.i0u 0.2y88 0.i4j 0.i54 0.i5j 0.i5v 0.2yhk 0.i67 0.i6e 0.itv 0.i76 0.ayp 0.i8w 0.i9a 0.ibk 0.ia5 0.2z1g
0.if7 0.2z1i 0.ige 0.igb 0.igs 0.ijl 0.ijm 0.b3j 0.ikd 0.ilk 0.im5 0.ind 0.b4y 0.2zr7 0.b5o 0.ipc 0.ipf 0.ipi 0.iq2 0.3pg2 0.iri 0.3035
0.3035 0.poh 0.isi 0.isi 0.b7r 0.335k 0.3cgq 0.iua 0.iuj 0.b8j 0.ivu 0.ix9 0.ixj 0.iyh 0.j29 0.bay 0.ba4 0.j2s 0.30t0 0.j47 0.j7s 0.j7w
0.j7y 0.j7w 0.j96 0.j9q 0.jaq 0.jac 0.jan 0.jby 0.jci 0.jcm 0.jdc 0.jdn 0.jfh 0.jht 0.jis 0.jm8 0.31n0 0.jlp 0.jjw 0.jmw 0.jnn 0.jqc
0.31td 0.js2 0.jph 0.jop 0.bhq 0.ju1 0.jum 0.jvh 0.juf 0.bjg 0.k0f 0.k18 0.32mi 0.k4j 0.kc8 0.k7d 0.bo9 0.k9d 0.bns 0.bms 0.g42 0.g45
0.kcg 0.k9o 0.pf1 0.deh 0.kd3 0.kd7 0.kdd 0.kf2 0.ker 0.33cz 0.bpl 0.kje 0.kg5 0.klu 0.kn9 0.33hp 0.kni 0.kkf 0.kr8 0.brx 0.ksi 0.kv7
0.kx6 0.l2g 0.33xf 0.l3v 0.bvc 0.l5t 0.34br 0.l78 0.bwu 0.l82 0.l9b 0.la2 0.la3 0.34p9 0.2yvf 0.34sa 0.le6 0.354s 0.lhb 0.lhp 0.lev 0.ljq
0.lku 0.lmf 0.lkx 0.lm1 0.lmg 0.lmt 0.357i 0.lkk 0.lrj 0.lta 0.c37 0.lvv 0.lvr 0.35jl 0.lq1 0.m0e 0.35ni 0.35ou 0.m2u 0.m61 0.m5a 0.m57
0.c5y 0.m6i 0.m7x 0.m7r 0.m99 0.2u5h 0.mdh 0.368z 0.mfw 0.36i3 0.mjs 0.mk5 0.mkw 0.36yw 0.mm8 0.mmt 0.3779 0.37dg 0.mt6 0.mtn 0.cdo 0.mud
0.ce0 0.ce0 0.myv 0.mzg 0.n01 0.n0l 0.n2i 0.cgr 0.n50 0.386u 0.n5q 0.389e 0.n74 0.2zrz 0.nbk 0.38v5 0.38vs 0.38zo 0.cn0 0.cnc 0.nhw 0.394j
0.394i 0.395l 0.396b 0.nj2 0.nj3 0.nj3 0.nka 0.cop 0.nm3 0.cp2 0.cra 0.39r1 0.nri 0.nt8 0.nv0 0.ctf 0.3a5i 0.nyu 0.3a8q 0.3a9x 0.o0f 0.o2z
0.cvj 0.o5c 0.o5m 0.o5r 0.3at8 0.3b1j 0.3b1j 0.oa6 0.d1e 0.3b8r 0.og6 0.og9 0.d2f 0.3beo 0.onm 0.d5s 0.oo8 0.oo3 0.oow 0.3c06 0.orn 0.d8h
0.ouf 0.ow2 0.oxx 0.d9w 0.3ciw 0.3cjr 0.dax 0.3cnt 0.p6i 0.3cqm 0.p79 0.pa2 0.pad 0.3d22 0.3d43 0.pcw 0.3d7s 0.pdc 0.33a7 0.ded 0.pf6
0.phf 0.dfv 0.pj2 0.hx1 0.3dlz 0.3dmd 0.33bn 0.33bw 0.poh 0.pok 0.sda 0.dij 0.psh 0.psb 0.pst 0.gc3 0.ptd 0.ptf 0.ptp 0.puu 0.3ebg 0.put
0.pwd 0.pyb 0.q0d 0.pwj 0.q0t 0.q1z 0.q53 0.pxv 0.q16 0.q18 0.q1o 0.3eie 0.3eqz 0.3emt 0.dnv 0.q9d 0.q9f 0.qae 0.3g0a 0.qck 0.3f3g 0.dp9
0.dpd 0.3f75 0.3ff6 0.dpn 0.qj4 0.qjg 0.qjr 0.qjt 0.qll 0.qko 0.qoe 0.qn6 0.qrd 0.qp4 0.qqz 0.qrq 0.dsn 0.qu9 0.qv5 0.dtl 0.qxs 0.qxv
0.3giv 0.r13 0.r1a 0.dv9 0.r22 0.aez 0.3gz2 0.3h46 0.dz2 0.dzb 0.rds 0.rfx 0.rka 0.rpx 0.3hrc 0.rsb 0.rsx 0.rvf 0.rxz 0.3i9b 0.2upw 0.s0b
0.rzw 0.s1c 0.2uvy 0.s7o 0.sag 0.3jki 0.3jl9 0.sk4 0.smp 0.snl 0.3ju6 0.snv 0.svs 0.t07 0.t08 0.sxo 0.t89 0.t91 0.3ksa 0.tjf 0.ej9 0.tkn
0.3l2v 0.eli 0.ts3 0.iia 0.tur 0.3ltx 0.3lzu 0.epa 0.epi 0.u00 0.3mdm 0.er6 0.3mhi 0.u17 0.u17 0.u21 0.3mpi 0.u76 0.eur 0.u95 0.ucn 0.ude
0.uf2 0.ez2 0.3nsg 0.umq 0.uv4 0.v0d 0.f66 0.f71 0.v3b 0.3owe 0.f7c 0.3oxx 0.3p5a 0.3p8x 0.vcr 0.f9y 0.veh 0.vem 0.vet 0.vf3 0.vfa 0.vgb
0.3pxc
`;

/** What counts as a letter beside a capital sigma. Pairs `gap length`. */
export const CASED = `
1t q 6 q 1b 1 a 1 4 1 5 n 1 v 1 5f 1 4 4 5s 1 r 5c 4 2 2 3 3 1 1 6 1 1 3 1 1 1 k 1 2b 1 3v 8 4m 1 12 9 15 26v 12 1 1 5 1 2 17 2 3 io 2e 2
6 1oi 9 7 17 2 3 1s 18 1r d 1 y 2t 7q 2 6 2 12 2 6 2 8 1 1 1 1 1 1 1 v 2 1h 1 7 1 1 3 3 1 7 3 4 2 6 4 d 5 3 1 7 79 1 4 1 2 a 1 1 3 5 6 1 1
1 1 1 1 4 1 6 4 1 2 4 5 5 4 1 h w 3 2 mp 1g 1ee 3g 2 2v 6 4 3 2 c 12 1 1 5 1 nwy 1a i s 3q 26 1 n 3 4 1 1n 5 2 1 1 1 5 r 2 3 1 mt 17 5 9 7
28 fnk 7 c 5 sp q 6 q x1 28 2o 10 4 10 38 b 1 f 1 7 1 2 1 b 1 f 1 7 1 2 1c3 1f d 1f 2b1 1s gv4 1s k1s 2d 1 1z 1 2 2 1 2 2 2 4 1 c 1 1 1 7
1 1t 1 4 2 8 1 7 1 s 1 4 1 5 1 1 3 7 1 9g 2 p 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 8 1f8 a 1 k 1y9 1w 1kc q 6 q 6 q
`;

/** What a capital sigma looks past. Pairs `gap length`. */
export const CASE_IGNORABLE = `
13 1 6 1 b 1 z 1 1 1 1z 1 4 1 1 1 4 1 2 2 dz 5c 4 2 4 1 9 2 1 1 6z 7 5r 1 5 1 1d 19 1 1 1 2 1 2 1 1 18 1 b 6 a b 1 1 z 1 a l g 1 2t 8 1 a
1 4 x 1 1 1 u r 2j b 1m b 4 1 2 1 o o 17 3 18 1 7 2 6 8 15 1m 1j 1 1 1 4 8 4 1 3 7 a 2 d 1 f 1 1m 1 4 4 8 1 k 2 q 1 2 2 1l 1 4 2 4 2 2 3 3
1 u 2 3 1 b 2 1l 1 4 5 1 2 4 1 k 2 m 6 1 1 1m 1 2 1 1 4 8 1 7 2 b 2 u 1 1p 1 c 1 1e 1 3 1 1j 1 1 3 5 3 1 4 7 2 b 2 t 1 1m 1 2 1 6 1 5 2 k
2 s 2 1l 2 4 4 8 1 k 2 t 1 20 1 7 3 1 1 2i 1 2 7 b 9 2q 1 2 9 9 1 1 6 22 2 r 1 1 1 1 1 1j e 1 5 1 2 5 b 1 10 9 1 2u 4 1 6 1 2 2 2 p 2 4 3
g 4 d 1 2 2 6 1 f 1 2m 1 gw 3 qa 3 t 2 u 2 u 2 1s 2 1 7 8 1 2 b 3 1 5 1 19 5 1f 1 1t 2 y 1 3a 3 4 2 9 1 6 3 63 2 2 1 1m 1 1 7 1 1 1 1 2 8
6 a 2 1 13 1 8 v 1d 4 1c 1 1 5 1 1 5 1 14 9 c 2 w 4 2 2 1 3 1k 1 1 2 3 1 1 3 1m 8 2 2 1s 6 2a 3 1 d 1 7 4 1 6 1 3 2 1e 1r d 1 y 2t cd 1 1
3 b 3 d 3 d 3 d 2 c 5 8 2 a 1 2 1 2 5 1d 5 1 a 1 1 d 1 g d 1f x 2a3 2 35 3 3h 1 f 1 2o w 1b 1 d1 1 10 4 3 5 5 1 2l 6 2l 3 lxy 1 yq 6 7i 1
2q 4 1 a 1 1 s 4 28 2 e y 26 1 n 3 2v 3 3 2 8 1 3 1 4 1 p 2 5 1 47 2 q i d 1 12 8 p b 1a 3 1c 1 2 4 2 2 h 1 l 2 1u 6 2 2 2 2 c 1 8 1 z 1 b
1 1f 1 1 3 2 2 5 2 1 1 r 1 e 2 5 2 1 1 2s 5 9 3 3d 1 2 1 4 1 fn4 1 43 h fx g 3 1 c g y 1 2 1 4p 1 7 1 6 1 b 1 z 1 1 1 1b 1 19 2 1v 1 l 3
e9 1 6a 1 45 5 sl 6 1 16 1 9 g6 3 1 2 5 4 14 3 4 1 4l 2 fx 4 ar 2 49 b 1d 4 3f 1 1i f 15 1 2 2 a 3 1d 4 2 2 2 1 4 1 a 1 1e 3 10 5 1 8 1q 1
c 2 1g 9 a 4 2 1 2n 3 2 1 1 2 6 1 4g 1 3 8 l 2 1l 2 3 1 11 7 3 5 5f 8 2 3 1 1 n 1 2c 6 1 1 4 2 1 2 6m 4 6 2 1 2 r 2 2d 8 2 1 1 2 2y 1 1 1
2 6 1 1 2t 3 2 4 1 5 77 9 1 2 74 2 1 1 4 1 40 4 2 2 4 1 w a 14 6 2 4 8 1 9 6 2 3 1a d 1 2 ba 7 1 6 1 1 2a m 2 7 1 2 1 2 3e 6 3 1 1 2 1 7 1
1 20 2 3 1 1 1 9n 2 46z 9 at3 5 1n 7 9 4 sr 1 1r h 1s 2 1 2 cnf 4 1 7 1 2 2hq 2 1 4 3mk 1a 2 n f4 3 9 g 2 7 u 4 44 3 1iz 1j 4 1e 8 1 e 1 m
5 1 f 11s 7 1 h 2 7 1 2 1 5 79 e a8 1 1p 4 15s 7 31 8 23z 5 gx6p 1 u 2o 3k 6o
`;

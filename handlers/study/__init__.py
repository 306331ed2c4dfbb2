"""Study posts, quizzes, and who has done them (article 五.4)."""
